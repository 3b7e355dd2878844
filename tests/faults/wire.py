"""A wire to a server, which can be cut for some, slowed, and made to lie."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

CHUNK = 1 << 16
LOOK_SECONDS = 0.05

Treatment = Callable[[Iterator[bytes]], Iterator[bytes]]
"""From what a server sends over a connection to what arrives."""
Choice = Callable[[str], bool]
"""Of those who connect, by their addresses."""


def nobody(host: str) -> bool:
    """Choose none."""
    return False


def untouched(sent: Iterator[bytes]) -> Iterator[bytes]:
    """Let everything through."""
    return sent


class Wire:
    """Carries bytes between whoever connects and a server on this machine.

    Attributes
    ----------
    treatment
        Of what the server sends, for connections that begin from now on.
    is_cut
        For whom nothing passes: what is under way waits, as packets that are sent again and again do.
    is_refused
        Whose connections are closed at once.

    Parameters
    ----------
    port
        Of the server.
    """

    def __init__(self, port: int) -> None:
        self.treatment: Treatment = untouched
        self.is_cut: Choice = nobody
        self.is_refused: Choice = nobody
        self._port = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._is_closed = False
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it begins."""
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def hang_up(self) -> None:
        """Close all connections, so that those that follow are treated as it is said now."""
        for each in list(self._open):
            _close(each)

    def close(self) -> None:
        """Carry nothing any more."""
        self._is_closed = True
        _close(self._listening)
        self.hang_up()

    def _accept(self) -> None:
        while not self._is_closed:
            try:
                client, (host, _) = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(client, host), daemon=True).start()

    def _carry(self, client: socket.socket, host: str) -> None:
        self._wait_while_cut(host)
        if self.is_refused(host):
            client.close()
            return
        try:
            server = socket.create_connection(("127.0.0.1", self._port))
        except OSError:  # a node that is down
            client.close()
            return
        self._open |= {client, server}
        back = threading.Thread(
            target=_pass, args=(self.treatment(self._read(server, host)), client, server), daemon=True
        )
        back.start()
        _pass(self._read(client, host), server, client)
        back.join()
        self._open -= {client, server}

    def _read(self, source: socket.socket, host: str) -> Iterator[bytes]:
        while True:
            try:
                read = source.recv(CHUNK)
            except OSError:
                return
            self._wait_while_cut(host)
            if not read:
                return
            yield read

    def _wait_while_cut(self, host: str) -> None:
        while self.is_cut(host) and not self._is_closed:
            time.sleep(LOOK_SECONDS)


def _pass(chunks: Iterator[bytes], target: socket.socket, source: socket.socket) -> None:
    with suppress(OSError):  # whoever reads has gone
        for chunk in chunks:
            target.sendall(chunk)
    _close(target)
    _close(source)


def _close(each: socket.socket) -> None:
    with suppress(OSError):  # closed over there already
        each.shutdown(socket.SHUT_RDWR)
    each.close()
