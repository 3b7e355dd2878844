"""One address of a node, and how to ask there."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPException
from typing import Any, TypeVar
from urllib.parse import urlsplit

from web3.providers.base import JSONBaseProvider
from web3.types import RPCEndpoint
from websockets.exceptions import InvalidStatus, WebSocketException

from derelay.chain.chain import ChainError
from derelay.chain.rpc_errors import RefusedError, UnreachableError
from derelay.chain.rpc_http import HttpProvider, StatusError
from derelay.chain.rpc_socket import SocketProvider
from derelay.chain.rpc_websocket import WebsocketProvider

T = TypeVar("T")

TIMEOUT = 10
"""Seconds without an answer after which an endpoint counts as unreachable."""


class Endpoint:
    """A JSON-RPC endpoint: ``http(s)://``, ``ws(s)://``, or the path of an IPC socket.

    Attributes
    ----------
    name : str
        For people: without what may be a secret in its URL (user, password, path, query).

    Raises
    ------
    ChainError
        If the URL is of another kind.
    """

    def __init__(self, url: str) -> None:
        self.name = _public(url)
        self._provider = _provider(url)

    def ask(self, read: Callable[[Any], T], method: str, *params: Any) -> T:
        """Return the node's answer, as ``read`` reads it.

        Raises
        ------
        UnreachableError
            No answer, or none that can be read.
        RefusedError
            An error is the answer.
        """
        answer = self._request(method, params)
        result = answer.get("result")
        try:
            if isinstance(error := answer.get("error"), dict):
                raise RefusedError(self.name, error)
            return read(result)
        except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as problem:
            what = (
                "does not have what was asked for" if result is None else "gives no answer that can be read"
            )
            raise UnreachableError(f"{self.name} {what} ({method})") from problem

    def _request(self, method: str, params: tuple[Any, ...]) -> dict[str, Any]:
        for is_last in (False, True):  # a connection that was kept open may have been closed over there
            try:
                answer: Any = self._provider.make_request(RPCEndpoint(method), params)
            except (OSError, RecursionError, ValueError, WebSocketException) as error:
                if is_last or isinstance(error, (StatusError, TimeoutError)):
                    # `from None`: what the libraries say may contain the URL
                    raise UnreachableError(f"{self.name} {_reason(error)}") from None
                continue
            if isinstance(answer, dict):
                return answer
            break
        raise UnreachableError(f"{self.name} does not answer in JSON-RPC")


def _provider(url: str) -> JSONBaseProvider:
    scheme = urlsplit(url).scheme
    if scheme in ("http", "https"):
        with suppress(HTTPException, ValueError):  # no host, or no port, that there can be
            return HttpProvider(url, TIMEOUT)
    if scheme in ("ws", "wss"):
        return WebsocketProvider(url, TIMEOUT)
    if url and not scheme and hasattr(socket, "AF_UNIX"):
        return SocketProvider(url, TIMEOUT)
    raise ChainError(
        f"chain {_public(url)!r}: give embedded:, http(s)://, ws(s):// or the path of an IPC socket; "
        "several endpoints of one chain with commas between them"
    )


def _public(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError as error:  # brackets that do not match
        raise ChainError(f"chain: a URL that cannot be read ({error})") from None
    if not parts.scheme:
        return url
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}" + ("/…" if parts.path.strip("/") or parts.query else "")


def _reason(error: Exception) -> str:
    if isinstance(error, StatusError):
        return f"answers with HTTP {error.status}"
    if isinstance(error, InvalidStatus):
        return f"answers with HTTP {error.response.status_code}"
    if isinstance(error, TimeoutError):
        return f"gives no answer within {TIMEOUT} s"
    if isinstance(error, (RecursionError, ValueError)) and not isinstance(error, OSError):
        return "does not answer in JSON-RPC"
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.strerror:
            return f"cannot be reached ({cause.strerror})"
        cause = cause.__cause__ or cause.__context__
    return "cannot be reached"
