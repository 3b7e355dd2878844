"""How a part of a file goes to a client: from the page cache to the wire where the system can do that."""

import asyncio
import io
import os
from typing import BinaryIO

from aiohttp import web

from derelay.patience import STEP_BYTES

_HAS_SENDFILE = hasattr(os, "sendfile")


async def send_part(
    request: web.BaseRequest,
    response: web.StreamResponse,
    file: BinaryIO,
    start: int,
    stop: int,
    patience: float,
) -> None:
    """Send the bytes from `start` to `stop` as the body of a prepared response.

    Raises
    ------
    TimeoutError
        If the client does not take `STEP_BYTES` within `patience` seconds.
    ConnectionResetError
        If the client is gone.
    """
    if _HAS_SENDFILE and isinstance(file, io.FileIO) and request.transport is not None:
        request.writer.send_headers()
        async with asyncio.timeout(patience):
            await request.writer.drain()
        await _send_file(request.transport, file, start, stop, patience)
        return
    file.seek(start)
    for at in range(start, stop, STEP_BYTES):
        async with asyncio.timeout(patience):
            await response.write(file.read(min(STEP_BYTES, stop - at)))
            await request.writer.drain()


async def _send_file(
    transport: asyncio.Transport, file: io.FileIO, start: int, stop: int, patience: float
) -> None:
    """Send a part of a file over a transport that has nothing else to send."""
    wire = os.dup(transport.get_extra_info("socket").fileno())  # on a transport's own nobody else may wait
    try:
        due, step = asyncio.get_running_loop().time() + patience, start
        while start < stop:
            try:
                sent = os.sendfile(wire, file.fileno(), start, stop - start)
            except BlockingIOError:
                await _writable(wire, due)
                continue
            if not sent or transport.is_closing():
                raise ConnectionResetError("the client is gone, or the file is")
            start += sent
            if start - step >= STEP_BYTES:
                due, step = asyncio.get_running_loop().time() + patience, start
    finally:
        os.close(wire)


async def _writable(wire: int, due: float) -> None:
    """Wait until a socket takes more."""
    loop = asyncio.get_running_loop()
    takes_more = asyncio.Event()
    loop.add_writer(wire, takes_more.set)
    try:
        async with asyncio.timeout_at(due):
            await takes_more.wait()
    finally:
        loop.remove_writer(wire)
