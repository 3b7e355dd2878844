"""One connection to one HTTP server, kept open between requests."""

import http.client
import socket
from collections.abc import Mapping
from contextlib import suppress
from typing import cast

from derelay.baton.blocks import BLOCK_BYTES
from derelay.patience import STEP_BYTES, PatientReader
from derelay.store.address import Address
from derelay.store.rests import Rests

HEAD_BYTES = 2 * STEP_BYTES
"""Bytes of an answer beside its body: status, headers, chunk sizes."""


class HttpClient:
    """Asks one server, whom it does not trust, one thing after the other.

    Redirects are not followed and nothing is unpacked. An answer has at most `BLOCK_BYTES` + 1 bytes, so that
    a longer one is seen to be too long.

    Parameters
    ----------
    address : Address
        Of the server.
    patience : float
        Seconds without progress until it gives up.
    allow_private : bool
        See `Address.connect`.
    rests : Rests or None
        Of the server, where several connections lead to it.
    """

    def __init__(
        self, address: Address, patience: float, allow_private: bool, rests: Rests | None = None
    ) -> None:
        self._address, self._patience, self._allow_private = address, patience, allow_private
        self._sock: socket.socket | None = None
        self._rests = rests or Rests()
        self._is_cut = False

    def ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes = b"",
        into: memoryview | None = None,
    ) -> tuple[int, memoryview]:
        """Send a request; return status and body of the answer.

        If the connection was open before and turns out to be cut, it is asked once more over a new one.

        Parameters
        ----------
        method, path : str
            Of the request.
        headers : mapping of str to str
            Of the request, beside host and length.
        body : bytes
            Of the request.
        into : memoryview or None
            Where the body of the answer goes, `BLOCK_BYTES` + 1 bytes; None takes new memory for it.

        Raises
        ------
        TimeoutError
            If there was no progress for as long as its patience, or it failed lately.
        OSError
            If it cannot be reached, or sends what is not HTTP, or an answer that is cut short.
        AddressError
            See `Address.connect`.
        """
        began = self._rests.begin()
        place = memoryview(bytearray(BLOCK_BYTES + 1)) if into is None else into
        try:
            answer = self._ask_again(method, path, headers, body, place)
        except OSError:
            if not self._is_cut:
                self._rests.fail(began)
            raise
        self._rests.work()
        return answer

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._sock is not None:
            self._sock.close()
            self._sock = None

    def cut(self) -> None:
        """Cut the connection for good, from any thread: what is under way over it fails."""
        self._is_cut = True
        sock = self._sock
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def _ask_again(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, place: memoryview
    ) -> tuple[int, memoryview]:
        kept = self._sock is not None
        try:
            return self._ask(method, path, headers, body, place)
        except TimeoutError:
            raise
        except OSError:
            if not kept or self._is_cut:
                raise
        return self._ask(method, path, headers, body, place)

    def _ask(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, place: memoryview
    ) -> tuple[int, memoryview]:
        try:
            if self._sock is None:
                self._sock = self._address.connect(self._patience, self._allow_private)
            if self._is_cut:
                raise ConnectionError("cut from here")
            self._send(method, path, headers, body)
            return self._answer(self._sock, method, place)
        except BaseException:
            self.close()
            raise

    def _answer(self, sock: socket.socket, method: str, place: memoryview) -> tuple[int, memoryview]:
        reader = PatientReader(sock, self._patience, BLOCK_BYTES + 1 + HEAD_BYTES)
        answer = http.client.HTTPResponse(cast(socket.socket, reader), method=method)
        try:
            answer.begin()
            if answer.length is None and not answer.chunked:
                raise ConnectionError("does not say where its answer ends")  # so a cut would look like a lie
            size = _fill(answer, place[: BLOCK_BYTES + 1])
        except (http.client.HTTPException, OverflowError, ValueError) as error:  # of lengths that are none
            raise ConnectionError(f"not an answer in HTTP ({type(error).__name__})") from error
        if answer.length:
            if size <= BLOCK_BYTES:
                raise ConnectionError(f"cut off with {answer.length} bytes to come")
            self.close()
        elif answer.will_close or not answer.isclosed():
            self.close()
        return answer.status, place[:size]

    def _send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> None:
        assert self._sock is not None
        lines = [f"{method} {self._address.path}{path} HTTP/1.1", f"Host: {self._address.authority}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines += [f"Content-Length: {len(body)}"] if body else []
        message = "\r\n".join([*lines, "", ""]).encode("ascii") + body
        for at in range(0, len(message), STEP_BYTES):
            self._sock.settimeout(self._patience)
            self._sock.sendall(message[at : at + STEP_BYTES])


def _fill(answer: http.client.HTTPResponse, place: memoryview) -> int:
    """Read the body of an answer, as far as there is room for it; return how many bytes that are."""
    size = 0
    while size < len(place) and (count := answer.readinto(place[size:])):
        size += count
    return size
