"""What reads what holders, and clients of one's own server, send: HTTP in both directions."""

from __future__ import annotations

import http.client
import logging
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from derelay.baton.blocks import BLOCK_BYTES, MissingBlock, cid_of, cid_text
from derelay.store.address import Address, AddressError
from derelay.store.directory import DirectoryStore
from derelay.store.gateway import Gateway
from derelay.store.guests import Guests
from derelay.store.http_client import HttpClient
from derelay.store.http_source import HttpLine
from derelay.store.request import BadRequestError, parse
from derelay.store.signature import SCHEME, signer_of
from derelay.store.visitors import Limits
from faults.case import BrokenError
from faults.fuzzing.parser import Parser
from faults.fuzzing.wire import Wire

_BLOCK = bytes(range(256)) * 8
_ROOM = bytearray(BLOCK_BYTES + 1)
_HTTP = (
    b"\r\n",
    b"\r\n\r\n",
    b"Content-Length: ",
    b"Transfer-Encoding: chunked\r\n",
    b"-1",
    b"-5\r\n",
    b"9" * 5000,
    b"HTTP/1.1 ",
    b"\x00",
    b"%2e%2e/",
    b"Expect: 100-continue\r\n",
    b"PUT",
    b"Upgrade: websocket\r\n",
)


def parsers(folder: Path, until_closed: Callable[[Any], Any]) -> list[Parser]:
    """Return them.

    Parameters
    ----------
    folder
        Gets the blocks that are served.
    until_closed
        Enters a context whose end the caller sees to.
    """
    store = DirectoryStore(folder / "blocks")
    cid = store.put(_BLOCK)
    limits = Limits(requests_per_second=1e9, connections=1000, connections_each=1000)
    guests = Guests(folder / "guests")
    gateway = until_closed(Gateway(store, patience=2.0, limits=limits, guests=guests))
    alarm = _Alarm()
    logging.getLogger("derelay.store").addHandler(alarm)
    served = Served(gateway.url, alarm, f"/ipfs/{cid_text(cid)}?format=raw")
    get = f"GET {served.path} HTTP/1.1\r\nHost: x\r\n"
    put = f"PUT /ipfs/{cid_text(cid)} HTTP/1.1\r\nHost: x\r\nAuthorization: {SCHEME} {'11' * 64}1b\r\n"
    return [
        Parser(
            "address",
            lambda data: Address.parse(data.decode(errors="replace")),
            (AddressError,),
            _addresses(),
        ),
        Parser("holder's answer", _answer, (MissingBlock, OSError), _answers(), _HTTP),
        Parser(
            "head of a request",
            lambda data: parse(data, lambda size: bytes(size)),
            (BadRequestError,),
            _heads(),
            _HTTP,
            (
                b"GET /?" + b"a=b&" * 16_000 + b" HTTP/1.1",
                b"GET / HTTP/1.1" + b"\r\nA: b" * 10_000,
                b"GET / HTTP/1.1\r\nA:" + b" \t" * 30_000,
            ),
        ),
        Parser(
            "request",
            served.take,
            (),
            (f"{get}\r\n".encode(), f"{put}Content-Length: 5\r\n\r\nhello".encode(), b"GET /" * 9000),
            _HTTP,
        ),
        Parser(
            "range",
            lambda data: served.take(f"{get}Range: ".encode() + data + b"\r\nConnection: close\r\n\r\n"),
            (),
            (b"bytes=0-5", b"bytes=-5", b"bytes=5-", b"bytes=0-1,3-4", b"bytes=" + b"9" * 18 + b"-"),
        ),
        Parser(
            "signature",
            lambda data: signer_of(cid, data.decode("latin-1")),
            (),
            (
                f"{SCHEME} {'11' * 64}1b".encode(),
                f"{SCHEME} {'00' * 64}00".encode(),
                f"{SCHEME} {'ff' * 65}".encode(),
            ),
        ),
    ]


class _Wired(Address):
    """An address at which everything is said already."""

    said = b""

    def connect(self, patience: float, allow_private: bool) -> socket.socket:
        return cast(socket.socket, Wire(self.said))


def _answer(data: bytes) -> int:
    where = _Wired("http", "127.0.0.1", 9, "")
    object.__setattr__(where, "said", data)
    line = HttpLine(HttpClient(where, 30.0, True), [])
    return line.read(cid_of(b""), memoryview(_ROOM))


def _answers() -> tuple[bytes, ...]:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.ipld.raw\r\n"
    return (
        head + b"Content-Length: 100\r\n\r\n" + bytes(100),
        head + b"Transfer-Encoding: chunked\r\n\r\n64\r\n" + bytes(100) + b"\r\n0\r\n\r\n",
        head + b"Transfer-Encoding: chunked\r\n\r\n-5\r\n" + bytes(100),
        head + b"\r\n" + bytes(100),
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" * 50,
        head + b"A: b\r\n" * 200,
    )


def _heads() -> tuple[bytes, ...]:
    return (
        b"GET /ipfs/baf?format=raw&x=%C3%28 HTTP/1.1\r\nHost: x\r\nRange: bytes=0-5\r\nAccept: */*",
        b"PUT http://other:1/ipfs/baf?a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue",
        b"PUT /ipfs/baf HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close, x",
        b"GET / HTTP/1.0\r\nAccept: a\r\nAccept: b",
    )


def _addresses() -> tuple[bytes, ...]:
    return (
        b"http://127.0.0.1:4001/path",
        b"https://[::ffff:127.0.0.1]:1/",
        b"http://user:secret@host/",
        b"http://host:99999",
        b"http://a/\r\nHost: b",
        b"gopher://host/",
        b"http://" + b"a" * 5000,
    )


class _Alarm(logging.Handler):
    """Counts what the server says: strangers must not make it say anything."""

    said = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.said += 1


class Served:
    """A server that strangers write to, and somebody honest after each."""

    def __init__(self, url: str, alarm: _Alarm, path: str) -> None:
        host, port = url.removeprefix("http://").split(":")
        self._where, self._alarm, self.path = (host, int(port)), alarm, path
        self._honest = http.client.HTTPConnection(host, int(port), timeout=10)

    def take(self, data: bytes) -> None:
        """Send something; the next honest request must be answered, and nothing be logged."""
        with socket.create_connection(self._where, timeout=10) as stranger, suppress(ConnectionError):
            stranger.sendall(data)
            stranger.shutdown(socket.SHUT_WR)
            while stranger.recv(1 << 16):
                pass
        self._honest.request("GET", self.path)
        if self._honest.getresponse().read() != _BLOCK:
            raise BrokenError("the block is not served any more")
        if self._alarm.said:
            raise BrokenError("the server's log has grown")
