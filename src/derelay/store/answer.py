"""What a client is answered."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus
from typing import BinaryIO


@dataclass(frozen=True)
class Part:
    """The bytes of a file from `start` to `stop`; it is closed when they were sent."""

    file: BinaryIO
    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start


@dataclass(frozen=True)
class Answer:
    """A status, headers, and a body that is at hand, in a file, or made while it is sent.

    What is made while it is sent goes in chunks, as its length is not known first. If making it raises
    `OSError`, the connection is cut: a part of it shall not look like the whole.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | Part | Iterator[bytes] = b""

    def head(self, is_last: bool) -> bytes:
        """Return what precedes the body; `is_last` says that the connection is closed afterwards."""
        lines = [
            f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}",
            f"Date: {formatdate(usegmt=True)}",
        ]
        lines += [f"{name}: {text}" for name, text in self.headers.items()]
        if isinstance(self.body, (bytes, Part)):
            lines += [f"Content-Length: {len(self.body)}"] if self.status != HTTPStatus.NOT_MODIFIED else []
        else:
            lines.append("Transfer-Encoding: chunked")
        lines += ["Connection: close"] if is_last else []
        return "\r\n".join([*lines, "", ""]).encode("latin-1")


def refusal(status: int, reason: str, headers: Mapping[str, str] | None = None) -> Answer:
    """Return an answer that says why not."""
    kind = {"Content-Type": "text/plain; charset=utf-8"}
    return Answer(status, {**kind, **(headers or {})}, f"{reason}\n".encode())
