"""Many readers of one blob at once, in a process of their own; and connections with half a request."""

from __future__ import annotations

import asyncio
import multiprocessing
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit

RETURN_SECONDS = 1.0
HALF = b"GET /ipfs/bafkrei HTTP/1.1\r\nHost: x\r\n"
"""A request without the empty line that ends it."""


@dataclass
class Reading:
    """How one reader came to all of a blob: seconds, and how often it had to come again."""

    seconds: float = 0.0
    returns: int = 0


def read_by_many(url: str, cids: Sequence[str], digests: Sequence[bytes], readers: int) -> list[Reading]:
    """Let readers, each of an address of its own, read all blocks in order, each verified.

    Who is turned away, or cut off, comes again after a second, and goes on where it was.

    Raises
    ------
    ValueError
        If a block is not what it is called.
    """
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_read, (url, cids, digests, readers))


def _read(url: str, cids: Sequence[str], digests: Sequence[bytes], readers: int) -> list[Reading]:
    async def all_of_them() -> list[Reading]:
        left = [dict(zip(cids, digests, strict=True)) for _ in range(readers)]
        return await asyncio.gather(*(_reader(url, each, f"127.0.3.{n}") for n, each in enumerate(left, 1)))

    return asyncio.run(all_of_them())


async def _reader(url: str, left: dict[str, bytes], host: str) -> Reading:
    began, reading = time.monotonic(), Reading()
    while left:
        try:
            await _visit(url, left, host)
        except (ConnectionError, asyncio.IncompleteReadError):
            reading.returns += 1
            await asyncio.sleep(RETURN_SECONDS)
    reading.seconds = time.monotonic() - began
    return reading


async def _visit(url: str, left: dict[str, bytes], host: str) -> None:
    """Read what is left, over one connection."""
    where = urlsplit(url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port, local_addr=(host, 0))
    try:
        for cid, digest in list(left.items()):
            writer.write(f"GET /ipfs/{cid}?format=raw HTTP/1.1\r\nHost: {where.netloc}\r\n\r\n".encode())
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            block = await reader.readexactly(int(head.partition(b"content-length: ")[2].split()[0]))
            if sha256(block).digest() != digest:
                raise ValueError(f"block {cid} is not what was asked for")
            del left[cid]
    finally:
        writer.close()


@contextmanager
def unfinished(url: str, connections: int, hosts: int) -> Iterator[list[socket.socket]]:
    """Open connections from several addresses of this machine, and say half of a request on each."""
    where = urlsplit(url)
    with ExitStack() as stack:
        opened = []
        for number in range(connections):
            here = f"127.0.2.{1 + number % hosts}", 0
            there = str(where.hostname), int(where.port or 80)
            opened.append(stack.enter_context(socket.create_connection(there, source_address=here)))
            opened[-1].sendall(HALF)
        yield opened


def cut_off(connections: Sequence[socket.socket]) -> int:
    """Return how many connections the other side has closed, with or without an answer."""
    closed = 0
    for connection in connections:
        connection.setblocking(False)
        try:
            while connection.recv(1 << 12):
                pass
            closed += 1
        except BlockingIOError:
            pass
        except ConnectionError:
            closed += 1
    return closed
