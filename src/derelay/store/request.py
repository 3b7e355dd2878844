"""A request in HTTP/1.1, from anyone, read strictly: what could be understood in two ways is refused."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

MAX_LINE = 2048
"""Bytes of the longest request line, and of the longest header."""

MAX_HEADERS = 32
"""Headers of a request."""

MAX_HEAD = (1 + MAX_HEADERS) * (MAX_LINE + 2) + 2
"""Bytes of all of it, its ends of lines too."""

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_LINE = re.compile(rf"({_TOKEN}) ([!-~]+) HTTP/1\.([01])")
_TARGET = re.compile(r"(?:https?://[^/?#]+)?(/[^?#]*)(?:\?([^#]*))?")
_HEADER = re.compile(rf"({_TOKEN}):([^\x00-\x08\x0a-\x1f\x7f]*)")
_LENGTH = re.compile(r"[0-9]{1,18}")


class BadRequestError(ValueError):
    """It is no request, or none that is answered."""


@dataclass(frozen=True)
class Request:
    """What a client asks for.

    Attributes
    ----------
    method, path : str
        As they were sent; nothing is unquoted.
    query : mapping of str to str
        What follows the path.
    headers : mapping of str to str
        By their names in lower case.
    length : int or None
        Bytes of its body; None if it does not say.
    is_last : bool
        Whether the client wants the connection closed after the answer.
    takes_chunks : bool
        Whether it knows answers that do not say their length first.
    body : callable
        Waits for so many bytes of the body, and returns them; see `Caller.body`.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    length: int | None
    is_last: bool
    takes_chunks: bool
    body: Callable[[int], bytes]


def parse(head: bytes, body: Callable[[int], bytes]) -> Request:
    """Read the head of a request, without the empty line that ends it.

    https://www.rfc-editor.org/rfc/rfc9112

    Raises
    ------
    BadRequestError
        If it is none, too long, or ambiguous.
    """
    line, *rest = head.decode("latin-1").split("\r\n")
    if len(rest) > MAX_HEADERS or any(len(each) > MAX_LINE for each in (line, *rest)):
        raise BadRequestError(f"at most {MAX_HEADERS} headers of {MAX_LINE} bytes each are read")
    asked = _LINE.fullmatch(line)
    target = _TARGET.fullmatch(asked[2]) if asked else None
    if asked is None or target is None:
        raise BadRequestError("not a request in HTTP/1.1")
    headers: dict[str, str] = {}
    for each in rest:
        header = _HEADER.fullmatch(each)
        if header is None:
            raise BadRequestError("a header that is none")
        name, text = header[1].lower(), header[2].strip(" \t")
        if name in headers and name in ("host", "content-length", "transfer-encoding"):
            raise BadRequestError(f"more than one {name}")
        headers[name] = f"{headers[name]}, {text}" if name in headers else text
    is_newest = asked[3] == "1"
    if is_newest and "host" not in headers:
        raise BadRequestError("no host")
    return Request(
        method=asked[1],
        path=target[1],
        query=dict(reversed(parse_qsl(target[2] or ""))),  # of several of one name, the first counts
        headers=headers,
        length=_body_length(headers),
        is_last=not is_newest or "close" in headers.get("connection", "").lower(),
        takes_chunks=is_newest,
        body=body,
    )


def _body_length(headers: Mapping[str, str]) -> int | None:
    """Return how long the body is; None if it comes in chunks."""
    length = headers.get("content-length")
    if "transfer-encoding" in headers:
        if length is not None:
            raise BadRequestError("two lengths of one body")
        return None
    if length is not None and not _LENGTH.fullmatch(length):
        raise BadRequestError("a length that is none")
    return int(length or 0)
