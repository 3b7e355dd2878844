"""Addresses that somebody may register who means no good."""

from __future__ import annotations

from collections.abc import Iterator

_LOOPBACK = (
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "0",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::127.0.0.1]",
    "localhost",
    "localhost.",
)
_PRIVATE = (
    "169.254.169.254",
    "10.0.0.1",
    "192.168.0.1",
    "[fe80::1]",
    "[fc00::1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "0.0.0.0",
    "255.255.255.255",
    "224.0.0.1",
)
_OTHERS = (
    b"",
    b"gopher://x/",
    b"file:///etc/passwd",
    b"javascript:alert(1)",
    b"http://user:secret@x/",
    b"http://x/\r\nHost: y\r\n\r\n",
    b"http://x/?q=1#f",
    b"http://x/../../etc",
    b"http://x:99999/",
    b"http://x:-1/",
    b"http://" + b"a" * 110,
    b"http://a..b/",
    b"http://" + b"a" * 64 + b".b/",
    b"http://\xff\xfe/",
    "http://ⓛⓞⓒⓐⓛ.example/".encode(),
    b"\x1b[2Jhttp://x/",
    b"http://x/\x00",
    b"x" * 128,
)


def inside(port: int) -> Iterator[bytes]:
    """Yield addresses, in every notation, that lead to this machine or its network, at a port."""
    for host in (*_LOOPBACK, *_PRIVATE):
        yield f"http://{host}:{port}/".encode()
        yield f"https://{host}:{port}/".encode()


def hostile(port: int) -> list[bytes]:
    """Return all: those that lead inside, and those that are no addresses."""
    return [*inside(port), *_OTHERS]
