"""JSON-RPC over an IPC socket: a file on this machine that a node listens at."""

from __future__ import annotations

import json
import socket
from typing import Any

from web3.providers.base import JSONBaseProvider
from web3.types import RPCEndpoint, RPCResponse

from derelay.chain.rpc_http import MOST_BYTES

_CHUNK = 2**16


class SocketProvider(JSONBaseProvider):
    """One connection, opened when needed and again after it broke; one request at a time.

    web3's own keeps a processor busy for half a minute when the node goes away while it answers.

    Parameters
    ----------
    path : str
        Of the socket; Unix only.
    timeout : float
        Seconds to wait for an answer.
    """

    def __init__(self, path: str, timeout: float) -> None:
        super().__init__()
        self._path = path
        self._timeout = timeout
        self._connection: socket.socket | None = None

    def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        """Ask, and wait for the answer.

        Raises
        ------
        OSError
            The connection cannot be made, or breaks.
        """
        connection = self._connection or self._connect()
        self._connection = None  # not used again after an error
        connection.sendall(self.encode_rpc_request(method, params) + b"\n")
        answer = _receive(connection)
        self._connection = connection
        return answer

    def _connect(self) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(self._timeout)
        connection.connect(self._path)
        return connection


def _receive(connection: socket.socket) -> RPCResponse:
    """Read one answer: nothing but its own end marks it."""
    received = bytearray()
    while True:
        chunk = connection.recv(_CHUNK)
        if not chunk:
            raise ConnectionError("closed by the node")
        received += chunk
        if len(received) > MOST_BYTES:
            raise ConnectionError("an answer without end")
        if chunk.rstrip().endswith(b"}"):
            try:
                answer: RPCResponse = json.loads(received)
            except json.JSONDecodeError:
                continue  # an inner brace at the end of a chunk
            return answer
