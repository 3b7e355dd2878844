"""Cutting a sequence of parts anew."""

from collections.abc import Iterable, Iterator


def cut(parts: Iterable[memoryview], sizes: Iterable[int]) -> Iterator[bytes]:
    """Cut what the parts hold, one after the other, into chunks of these sizes and what is left."""
    wanted = iter(sizes)
    size, chunk = next(wanted, 0), bytearray()
    for part in parts:
        while part:
            room = size - len(chunk)
            chunk += part[:room]
            part = part[room:]
            if len(chunk) == size:
                yield bytes(chunk)
                chunk.clear()
                size = next(wanted, 0)
    if chunk:
        yield bytes(chunk)
