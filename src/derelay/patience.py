"""Reading from who may be slow, silent or endless: what one answer may cost."""

import io
import socket
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

STEP_BYTES = 1 << 16
"""What counts as progress, in bytes: less than this within one patience, and the wait is over."""


class PatientReader(io.RawIOBase):
    """The bytes of one answer, as they come in.

    A timeout for each read would let a server send a byte now and then for days. Here the time to the next
    `STEP_BYTES` is bounded, and so is the number of bytes: hence the time for all of it.

    Parameters
    ----------
    sock : socket
        Where they come from.
    patience : float
        Seconds without progress until `TimeoutError`.
    most : int
        Bytes after which it is a `ConnectionError`.
    """

    def __init__(self, sock: socket.socket, patience: float, most: int) -> None:
        self._sock, self._patience, self._most = sock, patience, most
        self._left, self._got = most, 0
        self._deadline = time.monotonic() + patience

    def makefile(self, mode: str) -> io.BufferedReader:
        """Return itself with a buffer: all that `http.client.HTTPResponse` wants of a socket."""
        return io.BufferedReader(self)

    def readable(self) -> bool:
        """See `io.RawIOBase`."""
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """See `io.RawIOBase`."""
        if self._left <= 0:
            raise ConnectionError(f"sent more than {self._most} bytes")
        wait = self._deadline - time.monotonic()
        if wait <= 0:
            raise TimeoutError(f"no progress for {self._patience:g} s")
        self._sock.settimeout(wait)
        try:
            count = self._sock.recv_into(buffer)
        except TimeoutError as error:
            raise TimeoutError(f"no progress for {self._patience:g} s") from error
        self._left -= count
        self._got += count
        if self._got >= STEP_BYTES:
            self._got = 0
            self._deadline = time.monotonic() + self._patience
        return count
