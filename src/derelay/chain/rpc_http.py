"""JSON-RPC over HTTP, from endpoints that may be slow, silent or endless."""

from __future__ import annotations

import json
import socket
import ssl
from base64 import b64encode
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection, RemoteDisconnected
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from web3.providers.base import JSONBaseProvider
from web3.types import RPCEndpoint, RPCResponse

from derelay.patience import PatientReader

MOST_BYTES = 64 * 2**20
"""Of one answer."""


class StatusError(ConnectionError):
    """An answer that is none: HTTP's own kind of error.

    Attributes
    ----------
    status : int
        Its number.
    """

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status


class HttpProvider(JSONBaseProvider):
    """One connection, opened when needed and again after it broke; one request at a time.

    web3's own waits for ever for an endpoint that sends a byte now and then, and takes all that it is sent.
    Redirects are not followed.

    Parameters
    ----------
    url : str
        ``http://`` or ``https://``.
    timeout : float
        Seconds to wait for a connection, and without progress (see `PatientReader`).

    Raises
    ------
    ValueError
        If there is no host in the URL, or no such port.
    """

    def __init__(self, url: str, timeout: float) -> None:
        super().__init__()
        parts = urlsplit(url)
        if not parts.hostname:
            raise ValueError("no host")
        self._timeout = timeout
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._headers = {"Content-Type": "application/json", "User-Agent": "derelay"}
        if parts.username is not None:
            secret = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
            self._headers["Authorization"] = f"Basic {b64encode(secret).decode()}"
        if parts.scheme == "https":
            self._connection: HTTPConnection = HTTPSConnection(
                parts.hostname, parts.port, timeout=timeout, context=ssl.create_default_context()
            )
        else:
            self._connection = HTTPConnection(parts.hostname, parts.port, timeout=timeout)
        self._connection.response_class = self._patiently  # type: ignore[assignment]

    def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        """Ask, and wait for the answer.

        Raises
        ------
        OSError
            The connection cannot be made, breaks, or brings too much; `StatusError` if not 200.
        ValueError
            What comes is not JSON-RPC, or the answer to something else.
        """
        request = self.encode_rpc_request(method, params)
        try:
            body = self._post(request)
        except RemoteDisconnected:
            raise
        except (HTTPException, OverflowError) as error:
            raise ValueError("no HTTP") from error
        answer: RPCResponse = json.loads(body)
        if isinstance(answer, dict) and "result" in answer and answer.get("id") != json.loads(request)["id"]:
            raise ValueError("the answer to something else")
        return answer

    def _post(self, request: bytes) -> bytes:
        connection = self._connection
        try:
            connection.request("POST", self._path, request, self._headers)
            answer = connection.getresponse()
            body = answer.read()
        except BaseException:
            connection.close()  # not used again after an error
            raise
        if answer.status != 200:
            raise StatusError(answer.status)
        return body

    def _patiently(self, sock: socket.socket, **how: Any) -> HTTPResponse:
        answer: Any = HTTPResponse(cast(Any, PatientReader(sock, self._timeout, MOST_BYTES)), **how)
        answer.held = sock.makefile("rb", buffering=0)  # a connection that is closed can be read to its end
        return cast(HTTPResponse, answer)
