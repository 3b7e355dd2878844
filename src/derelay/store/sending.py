"""Sending to who may be slow: as much as it takes, as long as there is progress."""

import io
import os
import select
import socket
import time

from derelay.patience import STEP_BYTES
from derelay.store.answer import Part

MORE: int = getattr(socket, "MSG_MORE", 0)
"""Says that what is sent is not all, so that it travels with what follows."""

_HAS_SENDFILE = hasattr(os, "sendfile")


def send(sock: socket.socket, data: bytes, patience: float, flags: int = 0) -> None:
    """Send bytes.

    Raises
    ------
    TimeoutError
        If the other side does not take `STEP_BYTES` within `patience` seconds.
    """
    for at in range(0, len(data), STEP_BYTES):
        sock.settimeout(patience)
        sock.sendall(data[at : at + STEP_BYTES], flags)


def send_part(sock: socket.socket, part: Part, patience: float) -> None:
    """Send a part of a file, from the page cache to the wire where the system can do that; see `send`."""
    if _HAS_SENDFILE and isinstance(part.file, io.FileIO):
        _send_file(sock, part, patience)
        return
    part.file.seek(part.start)
    for at in range(part.start, part.stop, STEP_BYTES):
        send(sock, part.file.read(min(STEP_BYTES, part.stop - at)), patience)


def _send_file(sock: socket.socket, part: Part, patience: float) -> None:
    sock.setblocking(False)
    takes_more = select.poll()
    takes_more.register(sock, select.POLLOUT)
    at = step = part.start
    due = time.monotonic() + patience
    while at < part.stop:
        try:
            sent = os.sendfile(sock.fileno(), part.file.fileno(), at, part.stop - at)
        except BlockingIOError:
            if not takes_more.poll(max(0.0, due - time.monotonic()) * 1000):
                raise TimeoutError("the client takes nothing") from None
            continue
        if not sent:
            raise ConnectionError("the file is shorter than it was")
        at += sent
        if at - step >= STEP_BYTES:
            due, step = time.monotonic() + patience, at
