"""One connection to one HTTP server, kept open between requests."""

import http.client
import socket
import time
from collections.abc import Mapping
from typing import cast

from derelay.baton.blocks import BLOCK_BYTES
from derelay.store.address import Address
from derelay.store.patience import STEP_BYTES, PatientReader

HEAD_BYTES = 2 * STEP_BYTES
"""Bytes of an answer beside its body: status, headers, chunk sizes."""

MOST_RESTS = 16
"""How long a server that fails again and again is let rest at most, in times what its failing took."""


class HttpClient:
    """Asks one server, whom it does not trust, one thing after the other.

    Redirects are not followed and nothing is unpacked. An answer has at most `BLOCK_BYTES` + 1 bytes, so that
    a longer one is seen to be too long. A server that fails is not asked again for as long as that took; for
    twice, four times and so on if it fails again, so that those who died cost little time.

    Parameters
    ----------
    address : Address
        Of the server.
    patience : float
        Seconds without progress until it gives up.
    allow_private : bool
        See `Address.connect`.
    """

    def __init__(self, address: Address, patience: float, allow_private: bool) -> None:
        self._address, self._patience, self._allow_private = address, patience, allow_private
        self._sock: socket.socket | None = None
        self._rests, self._rested_at = 0, 0.0

    def ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> tuple[int, bytes]:
        """Send a request; return status and body of the answer.

        If the connection was open before and turns out to be cut, it is asked once more over a new one.

        Raises
        ------
        TimeoutError
            If there was no progress for as long as its patience, or it failed lately.
        OSError
            If it cannot be reached, or sends what is not HTTP, or an answer that is cut short.
        AddressError
            See `Address.connect`.
        """
        began = time.monotonic()
        if began < self._rested_at:
            raise TimeoutError(f"failed lately; asked again in {self._rested_at - began:.0f} s")
        try:
            answer = self._ask_again(method, path, headers, body)
        except OSError:
            self._rests = min(2 * self._rests or 1, MOST_RESTS)
            now = time.monotonic()
            self._rested_at = now + self._rests * (now - began)
            raise
        self._rests = 0
        return answer

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._sock is not None:
            self._sock.close()
            self._sock = None

    def _ask_again(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, bytes]:
        kept = self._sock is not None
        try:
            return self._ask(method, path, headers, body)
        except TimeoutError:
            raise
        except OSError:
            if not kept:
                raise
        return self._ask(method, path, headers, body)

    def _ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        try:
            if self._sock is None:
                self._sock = self._address.connect(self._patience, self._allow_private)
            self._send(method, path, headers, body)
            reader = PatientReader(self._sock, self._patience, BLOCK_BYTES + 1 + HEAD_BYTES)
            answer = http.client.HTTPResponse(cast(socket.socket, reader), method=method)
            answer.begin()
            if answer.length is None and not answer.chunked:
                raise ConnectionError("does not say where its answer ends")  # so a cut would look like a lie
            content = answer.read(BLOCK_BYTES + 1)
            if answer.length:
                if len(content) <= BLOCK_BYTES:
                    raise ConnectionError(f"cut off with {answer.length} bytes to come")
                self.close()
            elif answer.will_close or not answer.isclosed():
                self.close()
        except (http.client.HTTPException, OverflowError, ValueError) as error:  # of lengths that are none
            self.close()
            raise ConnectionError(f"not an answer in HTTP ({type(error).__name__})") from error
        except BaseException:
            self.close()
            raise
        return answer.status, content

    def _send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> None:
        assert self._sock is not None
        lines = [f"{method} {self._address.path}{path} HTTP/1.1", f"Host: {self._address.authority}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines += [f"Content-Length: {len(body)}"] if body else []
        message = "\r\n".join([*lines, "", ""]).encode("ascii") + body
        for at in range(0, len(message), STEP_BYTES):
            self._sock.settimeout(self._patience)
            self._sock.sendall(message[at : at + STEP_BYTES])
