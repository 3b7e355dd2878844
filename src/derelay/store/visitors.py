"""What one client, and all of them together, may take of a server."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web_protocol import RequestHandler

MAX_LINE = 2048
"""Bytes of the longest request line, and of the longest header."""

MAX_HEADERS = 32
"""Headers of a request."""


LINGER = 1.0
"""Seconds in which a refused request may still arrive, so that the client reads why it was refused."""

_log = logging.getLogger(__name__)


def _is_ours(record: logging.LogRecord) -> bool:
    """Say whether an error is the server's own: strangers shall not fill its log with theirs."""
    return not (record.exc_info and isinstance(record.exc_info[1], (HttpProcessingError, ConnectionError)))


_log.addFilter(_is_ours)


@dataclass(frozen=True)
class Limits:
    """What clients may take.

    Attributes
    ----------
    connections : int
        Open at a time, in all; further ones are closed at once.
    connections_each : int
        Open at a time, of one address (of one /64 in IPv6).
    requests_per_second : float
        Of one address; who asks faster is answered later.
    """

    connections: int = 256
    connections_each: int = 64
    requests_per_second: float = 500.0


@dataclass
class _Visitor:
    connections: int = 0
    next_answer: float = 0.0


Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class VisitorServer(web.Server):
    """Hands requests to a handler, within limits.

    Parameters
    ----------
    handle : callable
        Answers a request.
    limits : Limits
        What clients may take.
    patience : float
        Seconds that a connection may be without a whole request.
    """

    def __init__(self, handle: Handler, limits: Limits, patience: float) -> None:
        super().__init__(
            self._paced,
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
        self._handle, self._limits, self._patience = handle, limits, patience
        self._visitors: dict[str, _Visitor] = {}
        self._open: dict[RequestHandler, tuple[str, asyncio.Transport]] = {}
        self._busy: set[RequestHandler] = set()

    def connection_made(self, handler: RequestHandler, transport: asyncio.Transport) -> None:
        """Let a connection in, if there is room."""
        super().connection_made(handler, transport)
        transport.set_write_buffer_limits(0)  # so that draining waits until all is on its way
        name = _visitor_name(transport.get_extra_info("peername"))
        visitor = self._visitors.setdefault(name, _Visitor())
        visitor.connections += 1
        self._open[handler] = name, transport
        if len(self._open) > self._limits.connections or visitor.connections > self._limits.connections_each:
            transport.abort()
        self._loop.call_later(self._patience, self._reap, handler)

    def connection_lost(self, handler: RequestHandler, exc: BaseException | None = None) -> None:
        """Forget a connection, and, sooner or later, who made it: coming back wins no time."""
        super().connection_lost(handler, exc)
        name, _ = self._open.pop(handler)
        self._visitors[name].connections -= 1
        idle = self._loop.time() - 1
        gone = [
            name for name, who in self._visitors.items() if not who.connections and who.next_answer <= idle
        ]
        for name in gone:
            del self._visitors[name]

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

    async def _paced(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a request in its turn: a client may save up a second's worth, no more."""
        visitor = self._visitors[self._open[request.protocol][0]]
        now = self._loop.time()
        visitor.next_answer = max(visitor.next_answer, now - 1) + 1 / self._limits.requests_per_second
        if visitor.next_answer > now:
            await asyncio.sleep(visitor.next_answer - now)
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


def _visitor_name(peer: object) -> str:
    """Name whom a connection comes from: an IPv4 address, or the network that one IPv6 customer is given."""
    if not isinstance(peer, tuple):
        return ""
    address = ip_address(peer[0])
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return f"{int(address) >> 64:x}"
    return str(peer[0])
