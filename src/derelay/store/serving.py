"""How a block is served: whole, or in part."""

import os
import re
from typing import BinaryIO

from multiformats import CID

from derelay.baton.blocks import cid_text
from derelay.store.answer import Answer, Part, refusal
from derelay.store.http_source import RAW_BLOCK
from derelay.store.request import Request

_ANY = ("*/*", "application/*")
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


def wants_raw(request: Request) -> bool:
    """Say whether a client takes a block as it is; ``format`` in the query precedes the header."""
    wanted = request.query.get("format")
    if wanted is not None:
        return wanted == "raw"
    return any(kind in request.headers.get("accept", "*/*") for kind in (RAW_BLOCK, *_ANY))


def block_answer(request: Request, cid: CID, block: BinaryIO) -> Answer:
    """Answer with a block, or the range of it that was asked for, or that nothing has changed."""
    name, size = cid_text(cid), block.seek(0, os.SEEK_END)
    etag = f'"{name}.raw"'
    headers = {
        "Content-Type": RAW_BLOCK,
        "Content-Disposition": f'attachment; filename="{name}.bin"',
        "Cache-Control": "public, max-age=29030400, immutable",
        "ETag": etag,
        "Accept-Ranges": "bytes",
        "X-Content-Type-Options": "nosniff",
    }
    if etag in request.headers.get("if-none-match", ""):
        block.close()
        return Answer(304, headers)
    part = _range(request.headers.get("range", ""), size)
    if part is None:
        return Answer(200, headers, Part(block, 0, size))
    start, stop = part
    if start >= stop:
        block.close()
        return refusal(416, "the block ends before that", {"Content-Range": f"bytes */{size}"})
    return Answer(
        206, {**headers, "Content-Range": f"bytes {start}-{stop - 1}/{size}"}, Part(block, start, stop)
    )


def _range(wanted: str, size: int) -> tuple[int, int] | None:
    """Return the one range that is asked for; None, for the whole, if it is none, or several."""
    match = _RANGE.fullmatch(wanted)
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        return max(0, size - int(last)), size
    if last and int(last) < int(first):
        return None
    return int(first), min(size, int(last) + 1) if last else size
