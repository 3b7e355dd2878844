"""The end of a connection: the client has taken what was sent, or it is thrown away."""

import socket
import struct
import sys
import time
from collections.abc import Callable

from derelay.patience import STEP_BYTES

LINGER = 1.0
"""Seconds in which what a client still sends is read, so that it reads why it was refused."""

_LOOK = 0.05
_AT_ONCE = struct.pack("ii", 1, 0)


def leave(sock: socket.socket, patience: float, stops: Callable[[float], bool]) -> None:
    """Say that nothing follows, and wait until the client has taken all, and a moment for it to say the same.

    A socket that is simply closed would live on in the system for minutes, with all that was not taken: who
    never reads could fill its memory, and hold more connections than the server counts.

    Parameters
    ----------
    sock : socket
        Where the client is; the caller closes it, by which what was not taken is thrown away.
    patience : float
        Seconds without progress.
    stops : callable
        Waits for so many seconds; says whether to wait no longer.

    Raises
    ------
    OSError
        If the client has gone before.
    """
    sock.shutdown(socket.SHUT_WR)
    if not _is_taken(sock, patience, stops):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        return
    until = time.monotonic() + min(LINGER, patience)
    while (left := until - time.monotonic()) > 0:
        sock.settimeout(left)
        if not sock.recv(STEP_BYTES):
            return


def _is_taken(sock: socket.socket, patience: float, stops: Callable[[float], bool]) -> bool:
    step, due = _untaken(sock), time.monotonic() + patience
    while left := _untaken(sock):
        sock.getpeername()  # fails once the client has gone
        if left <= step - STEP_BYTES:
            step, due = left, time.monotonic() + patience
        if time.monotonic() > due or stops(_LOOK):
            return False
    return True


def _untaken(sock: socket.socket) -> int:
    """Return the bytes that were sent and not acknowledged; 0 on systems that are not asked for it."""
    if sys.platform != "linux":
        return 0
    import fcntl
    import termios

    return int.from_bytes(fcntl.ioctl(sock, termios.TIOCOUTQ, bytes(4)), sys.byteorder)
