"""An HTTP server for strangers: nobody takes more of it than its share, or longer than the patience."""

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web_protocol import RequestHandler

from derelay.store.address import WIRE_BYTES
from derelay.store.visitors import Limits, Visitors, visitor_name

MAX_LINE = 2048
"""Bytes of the longest request line, and of the longest header."""

MAX_HEADERS = 32
"""Headers of a request."""

LINGER = 1.0
"""Seconds in which a refused request may still arrive, so that the client reads why it was refused."""

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

_log = logging.getLogger(__name__)


def _is_ours(record: logging.LogRecord) -> bool:
    """Say whether an error is the server's own: strangers shall not fill its log with theirs."""
    return not (record.exc_info and isinstance(record.exc_info[1], (HttpProcessingError, ConnectionError)))


_log.addFilter(_is_ours)


class Server(web.Server):
    """Hands requests to a handler, within limits.

    Parameters
    ----------
    handle : callable
        Answers a request; a `TimeoutError` from it says that the client is to be cut off.
    limits : Limits
        What clients may take.
    patience : float
        Seconds that a connection may be without a whole request, and that an answer may wait to be taken.
    """

    def __init__(self, handle: Handler, limits: Limits, patience: float) -> None:
        super().__init__(
            self._answer,
            logger=_log,
            access_log=None,
            handler_cancellation=True,
            keepalive_timeout=patience,
            lingering_time=min(patience, LINGER),
            max_line_size=MAX_LINE,
            max_field_size=MAX_LINE,
            max_headers=MAX_HEADERS,
            auto_decompress=False,
        )
        self._handle, self._patience = handle, patience
        self._visitors = Visitors(limits)
        self._open: dict[RequestHandler, tuple[str, asyncio.Transport]] = {}
        self._busy: set[RequestHandler] = set()

    def connection_made(self, handler: RequestHandler, transport: asyncio.Transport) -> None:
        """Let a connection in, if there is room."""
        super().connection_made(handler, transport)
        wire = transport.get_extra_info("socket")
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, WIRE_BYTES)
        transport.set_write_buffer_limits(0)  # so that draining waits until all is on its way
        name = visitor_name(transport.get_extra_info("peername"))
        self._open[handler] = name, transport
        if not self._visitors.come(name):
            transport.abort()
        self._loop.call_later(self._patience, self._reap, handler)

    def connection_lost(self, handler: RequestHandler, exc: BaseException | None = None) -> None:
        """Forget a connection."""
        super().connection_lost(handler, exc)
        name, _ = self._open.pop(handler)
        self._visitors.leave(name, self._loop.time())

    async def cut_off(self) -> None:
        """Close all connections, whatever is under way."""
        for _, transport in self._open.values():
            transport.abort()
        await asyncio.sleep(0)  # in which they are lost

    def _reap(self, handler: RequestHandler) -> None:
        """Cut off a client that does not take what aiohttp says by itself, to a request that is none."""
        if handler not in self._open:
            return
        _, transport = self._open[handler]
        if handler not in self._busy and transport.get_write_buffer_size():
            transport.abort()
        else:
            self._loop.call_later(self._patience, self._reap, handler)

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        name, _ = self._open[request.protocol]
        await asyncio.sleep(self._visitors.wait(name, self._loop.time()))
        self._busy.add(request.protocol)
        try:
            answer = await self._handle(request)
            async with asyncio.timeout(self._patience):
                await answer.prepare(request)
                await answer.write_eof()  # returns when all of it is on its way
            return answer
        except TimeoutError as error:
            if request.transport is not None:
                request.transport.abort()  # closing would wait for the client
            raise ConnectionResetError("the client takes nothing") from error
        finally:
            self._busy.discard(request.protocol)
