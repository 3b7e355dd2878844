"""An HTTP server for strangers: nobody takes more of it than its share, or longer than the patience."""

import logging
import selectors
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from derelay.store.address import WIRE_BYTES
from derelay.store.answer import Answer, refusal
from derelay.store.caller import Caller
from derelay.store.leaving import leave
from derelay.store.request import BadRequestError, Request
from derelay.store.visitors import Limits, Visitors, visitor_name

Handler = Callable[[Request], Answer]

_log = logging.getLogger(__name__)


class Server:
    """Hands requests to a handler, within limits; each connection has a thread of its own.

    Parameters
    ----------
    listening : socket
        Where clients connect; the server closes it.
    handle : callable
        Answers a request, from any thread; an `OSError` from it says that the client is to be cut off.
    limits : Limits
        What clients may take.
    patience : float
        Seconds that a connection may be without a whole request, and that an answer may wait to be taken.
    """

    def __init__(self, listening: socket.socket, handle: Handler, limits: Limits, patience: float) -> None:
        self._listening, self._handle, self._patience = listening, handle, patience
        self._visitors = Visitors(limits)
        self._lock = threading.Lock()
        self._open: dict[socket.socket, threading.Thread] = {}
        self._closing = threading.Event()
        self._wake, self._woken = socket.socketpair()
        self._accepting = threading.Thread(target=self._accept, name="derelay gateway", daemon=True)

    def start(self) -> None:
        """Begin to serve."""
        self._accepting.start()

    def close(self) -> None:
        """Close all connections, whatever is under way, and wait until that is done."""
        self._closing.set()
        self._wake.close()
        self._accepting.join()
        with self._lock:
            threads = list(self._open.values())
            for sock in self._open:
                with suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join()

    def _accept(self) -> None:
        with self._listening, self._woken, selectors.DefaultSelector() as ready:
            self._listening.setblocking(False)
            ready.register(self._woken, selectors.EVENT_READ)
            ready.register(self._listening, selectors.EVENT_READ)
            while not self._closing.is_set():
                ready.select()
                try:
                    sock, peer = self._listening.accept()
                except OSError:  # it is gone again; or there is no room for it, which takes a while
                    self._closing.wait(0.01)
                    continue
                self._let_in(sock, visitor_name(peer))

    def _let_in(self, sock: socket.socket, name: str) -> None:
        """Give a connection a thread, if there is room."""
        thread = threading.Thread(target=self._serve, args=(sock, name), name="derelay gateway", daemon=True)
        with self._lock:
            has_room = self._visitors.come(name)
            self._open[sock] = thread
        try:
            if has_room:
                thread.start()
                return
        except RuntimeError as error:
            _log.warning("a connection was closed: %s", error)  # the system has no more threads
        self._end(sock, name)

    def _serve(self, sock: socket.socket, name: str) -> None:
        """Answer a client until it, or its time, is over."""
        caller = Caller(sock, self._patience)
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, WIRE_BYTES)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while self._answer(caller, name):
                pass
        except OSError:
            pass  # it is gone, or to be cut off
        except Exception:  # noqa: BLE001 - a fault of the server's own costs one connection
            _log.exception("a request could not be answered")
        try:
            leave(sock, self._patience, self._closing.wait)
        except OSError:
            pass  # it has gone before
        finally:
            self._end(sock, name)

    def _answer(self, caller: Caller, name: str) -> bool:
        try:
            request = caller.request()
        except BadRequestError as error:
            return caller.answer(None, refusal(400, str(error)))
        if request is None:
            return False
        with self._lock:
            wait = self._visitors.wait(name, time.monotonic())
        if self._closing.wait(wait):
            return False
        return caller.answer(request, self._handle(request))

    def _end(self, sock: socket.socket, name: str) -> None:
        with self._lock:
            del self._open[sock]
            self._visitors.leave(name, time.monotonic())
            sock.close()
