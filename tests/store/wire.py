"""Servers, clients and wires that misbehave, on loopback."""

import socket
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.ipld.raw\r\n"


def whole(body: bytes) -> bytes:
    """Return an answer as it should be."""
    return HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body


def request_from(connection: socket.socket) -> bytes:
    """Return the head of the next request; empty if there is none."""
    head = b""
    while not head.endswith(b"\r\n\r\n") and (more := connection.recv(1)):
        head += more
    return head


@contextmanager
def server(serve: Callable[[socket.socket], None], at_once: bool = False) -> Iterator[str]:
    """Let `serve` have each connection, one after the other or all at once; give the address."""
    listening = socket.create_server(("127.0.0.1", 0))

    def answer(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(10)
            serve(connection)

    def run() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                if at_once:
                    threading.Thread(target=answer, args=(connection,), daemon=True).start()
                else:
                    answer(connection)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


class Proxy:
    """Passes bytes on, and cuts the connection after so many of an answer; then the next one as well."""

    def __init__(self, target: str, cut_after: int) -> None:
        host, port = target.removeprefix("http://").split(":")
        self._target, self._cut_after = (host, int(port)), cut_after
        self.passed = self.cuts = 0

    def serve(self, connection: socket.socket) -> None:
        left = self._cut_after
        with socket.create_connection(self._target) as there:
            while head := request_from(connection):
                there.sendall(head)
                answer = request_from(there)
                length = int(answer.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                connection.sendall(answer)
                while length:
                    part = there.recv(min(length, left, 1 << 16))
                    connection.sendall(part)
                    length, left, self.passed = length - len(part), left - len(part), self.passed + len(part)
                    if not left:
                        self.cuts += 1
                        return


class Holder:
    """A holder of blocks, as fast as it is said to be over all its connections; it lies where it is told to.

    Parameters
    ----------
    blocks : mapping of str to bytes
        What it has, by identifier.
    rate : float
        Bytes a second.
    lies : collection of str
        Blocks that it gives with one bit changed.
    silent_after : int
        Blocks after which it says nothing more.
    """

    def __init__(
        self,
        blocks: Mapping[str, bytes],
        rate: float = float("inf"),
        lies: Collection[str] = (),
        silent_after: int = 1 << 30,
    ) -> None:
        self._blocks, self._rate, self._lies, self._left = blocks, rate, lies, silent_after
        self._lock = threading.Lock()
        self.asked: list[str] = []
        self.sent = 0

    def serve(self, connection: socket.socket) -> None:
        while head := request_from(connection):
            name = head.split(b"?")[0].rpartition(b"/")[2].decode()
            block = bytearray(self._blocks[name])
            block[0] ^= name in self._lies
            self.asked.append(name)
            self._left -= 1
            if self._left < 0:
                connection.recv(1)
                return
            with self._lock:
                time.sleep(len(block) / self._rate)
            connection.sendall(whole(bytes(block)))
            self.sent += len(block)
