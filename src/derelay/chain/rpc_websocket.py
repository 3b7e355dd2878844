"""JSON-RPC over a websocket that stays open, asked like any other web3 provider."""

from __future__ import annotations

import json
import time
from typing import Any

from web3.providers.base import JSONBaseProvider
from web3.types import RPCEndpoint, RPCResponse
from websockets.sync.client import ClientConnection, connect

from derelay.chain.rpc_http import MOST_BYTES


class WebsocketProvider(JSONBaseProvider):
    """One connection, opened when needed and again after it broke; one request at a time.

    web3 has websockets for asynchronous programs only.

    Parameters
    ----------
    url : str
        ``ws://`` or ``wss://``.
    timeout : float
        Seconds to wait for a connection, and for an answer.
    """

    def __init__(self, url: str, timeout: float) -> None:
        super().__init__()
        self._url = url
        self._timeout = timeout
        self._connection: ClientConnection | None = None

    def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        """Ask, and wait for the answer.

        Raises
        ------
        OSError, WebSocketException
            The connection cannot be made, or breaks.
        ValueError
            What comes is not JSON-RPC.
        """
        request = self.encode_rpc_request(method, params)
        number = json.loads(request)["id"]
        if self._connection is None:
            opened = connect(self._url, open_timeout=self._timeout, max_size=MOST_BYTES)
            self._connection = opened.__enter__()
        connection, self._connection = self._connection, None  # not used again after an error
        connection.send(request.decode())
        deadline = time.monotonic() + self._timeout
        while True:
            answer: RPCResponse = json.loads(connection.recv(timeout=deadline - time.monotonic()))
            if not isinstance(answer, dict):
                raise ValueError("no JSON-RPC")
            if answer.get("id") == number:
                self._connection = connection
                return answer
