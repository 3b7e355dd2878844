"""One address of a node, and how to ask there."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import requests
from web3.providers.base import JSONBaseProvider
from web3.providers.ipc import IPCProvider
from web3.providers.rpc import HTTPProvider
from web3.types import RPCEndpoint
from websockets.exceptions import WebSocketException

from derelay.chain.chain import ChainError
from derelay.chain.rpc_errors import RefusedError, UnreachableError
from derelay.chain.rpc_websocket import WebsocketProvider

TIMEOUT = 10
"""Seconds without an answer after which an endpoint counts as unreachable."""


class Endpoint:
    """A JSON-RPC endpoint: ``http(s)://``, ``ws(s)://``, or the path of an IPC socket.

    Attributes
    ----------
    name : str
        For people: without what may be a secret in its URL (user, password, path, query).
    """

    def __init__(self, url: str) -> None:
        self.name, self._provider = _provider(url)

    def ask(self, method: str, *params: Any) -> Any:
        """Return the node's answer.

        Raises
        ------
        UnreachableError
            No answer, or none that is JSON-RPC.
        RefusedError
            An error is the answer.
        """
        try:
            answer: Any = self._provider.make_request(RPCEndpoint(method), params)
        except (OSError, ValueError, WebSocketException) as error:
            # `from None`: what the libraries say may contain the URL
            raise UnreachableError(f"{self.name} {_reason(error)}") from None
        if not isinstance(answer, dict) or not ("result" in answer or isinstance(answer.get("error"), dict)):
            raise UnreachableError(f"{self.name} does not answer in JSON-RPC")
        if answer.get("error"):
            raise RefusedError(self.name, answer["error"])
        return answer["result"]


def _provider(url: str) -> tuple[str, JSONBaseProvider]:
    scheme = urlsplit(url).scheme
    if scheme in ("http", "https"):
        return _public(url), HTTPProvider(
            url, request_kwargs={"timeout": TIMEOUT}, exception_retry_configuration=None
        )
    if scheme in ("ws", "wss"):
        return _public(url), WebsocketProvider(url, TIMEOUT)
    if url and not scheme:
        return url, IPCProvider(url, timeout=TIMEOUT)
    raise ChainError(
        f"chain {_public(url)!r}: give embedded:, http(s)://, ws(s):// or the path of an IPC socket; "
        "several endpoints of one chain with commas between them"
    )


def _public(url: str) -> str:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}" + ("/…" if parts.path.strip("/") or parts.query else "")


def _reason(error: Exception) -> str:
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"answers with HTTP {error.response.status_code}"
    if isinstance(error, (requests.Timeout, TimeoutError)):
        return f"gives no answer within {TIMEOUT} s"
    if isinstance(error, ValueError) and not isinstance(error, OSError):
        return "does not answer in JSON-RPC"
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.strerror:
            return f"cannot be reached ({cause.strerror})"
        cause = cause.__cause__ or cause.__context__
    return "cannot be reached"
