"""A client's connection: its requests, one after the other, and the answers to them."""

import math
import socket
from collections.abc import Iterator
from contextlib import nullcontext

from derelay.patience import STEP_BYTES, PatientReader
from derelay.store.answer import Answer, Part
from derelay.store.request import MAX_HEAD, BadRequestError, Request, parse
from derelay.store.sending import MORE, send, send_part

_END = b"\r\n\r\n"
_READ_BYTES = 4096


class Caller:
    """Reads requests and sends answers; who keeps it waiting is given up.

    Parameters
    ----------
    sock : socket
        Where the client is.
    patience : float
        Seconds for a whole head, and without progress for a body, in either direction, until `TimeoutError`.
    """

    def __init__(self, sock: socket.socket, patience: float) -> None:
        self._sock, self._patience = sock, patience
        self._ahead = b""  # what came, and was not looked at yet
        self._unread: float = 0  # bytes of the body that were not asked for
        self._is_waiting = False  # for a word that the body is wanted

    def request(self) -> Request | None:
        """Wait for the next request; None if the client has gone.

        Raises
        ------
        BadRequestError
            If it is none.
        """
        reader = PatientReader(self._sock, self._patience, MAX_HEAD)
        while (end := self._ahead.find(_END)) < 0:
            if len(self._ahead) > MAX_HEAD:
                raise BadRequestError(f"at most {MAX_HEAD} bytes of a head are read")
            if self._ahead and not self._ahead[:1].isalpha():
                raise BadRequestError("not a request in HTTP/1.1")  # TLS, for one, would never end
            more = reader.read(_READ_BYTES)
            if not more:
                return None
            self._ahead = (self._ahead + more).lstrip(b"\r\n")  # as the standard has it
        head, self._ahead = self._ahead[:end], self._ahead[end + len(_END) :].lstrip(b"\r\n")
        request = parse(head, self.body)
        self._unread = math.inf if request.length is None else request.length
        self._is_waiting = (
            request.takes_chunks and request.headers.get("expect", "").lower() == "100-continue"
        )
        return request

    def body(self, size: int) -> bytes:
        """Return so many bytes of the body of the request."""
        if self._is_waiting:
            send(self._sock, b"HTTP/1.1 100 Continue\r\n\r\n", self._patience)
        body, self._ahead = bytearray(self._ahead[:size]), self._ahead[size:]
        reader = PatientReader(self._sock, self._patience, size)
        while len(body) < size:
            more = reader.read(min(STEP_BYTES, size - len(body)))
            if not more:
                raise ConnectionResetError("the client is gone")
            body += more
        self._unread -= size
        return bytes(body)

    def answer(self, request: Request | None, answer: Answer) -> bool:
        """Answer a request, or what is none; say whether the client may ask for more."""
        is_last = request is None or request.is_last or self._unread > 0
        body, is_asked = answer.body, request is None or request.method != "HEAD"
        with body.file if isinstance(body, Part) else nullcontext():
            send(self._sock, answer.head(is_last), self._patience, MORE if body and is_asked else 0)
            if is_asked:
                self._send_body(body)
        return not is_last

    def _send_body(self, body: bytes | Part | Iterator[bytes]) -> None:
        if isinstance(body, Part):
            send_part(self._sock, body, self._patience)
        elif isinstance(body, bytes):
            send(self._sock, body, self._patience)
        else:
            for chunk in filter(None, body):  # an empty one would be the end
                send(self._sock, b"%x\r\n" % len(chunk), self._patience, MORE)
                send(self._sock, chunk, self._patience, MORE)
                send(self._sock, b"\r\n", self._patience, MORE)
            send(self._sock, b"0\r\n\r\n", self._patience)
