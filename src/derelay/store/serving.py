"""How a block is sent: whole or in part, to who takes it fast enough."""

import os
import re
from typing import BinaryIO

from aiohttp import hdrs, web
from multiformats import CID

from derelay.baton.blocks import cid_text
from derelay.store.http_source import RAW_BLOCK
from derelay.store.sending import send_part

_ANY = ("*/*", "application/*")
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


def wants_raw(request: web.BaseRequest) -> bool:
    """Say whether a client takes a block as it is; ``format`` in the query precedes the header."""
    wanted = request.query.get("format")
    if wanted is not None:
        return wanted == "raw"
    return any(kind in request.headers.get(hdrs.ACCEPT, "*/*") for kind in (RAW_BLOCK, *_ANY))


async def send_block(
    request: web.BaseRequest, cid: CID, block: BinaryIO, patience: float
) -> web.StreamResponse:
    """Send a block, or the range of it that was asked for, or that nothing has changed.

    Raises
    ------
    TimeoutError
        If the client does not take `STEP_BYTES` within `patience` seconds.
    """
    name, size = cid_text(cid), block.seek(0, os.SEEK_END)
    start, stop = 0, size
    etag = f'"{name}.raw"'
    response = web.StreamResponse(
        headers={
            hdrs.CONTENT_TYPE: RAW_BLOCK,
            hdrs.CONTENT_DISPOSITION: f'attachment; filename="{name}.bin"',
            hdrs.CACHE_CONTROL: "public, max-age=29030400, immutable",
            hdrs.ETAG: etag,
            hdrs.ACCEPT_RANGES: "bytes",
            "X-Content-Type-Options": "nosniff",
        }
    )
    if etag in request.headers.get(hdrs.IF_NONE_MATCH, ""):
        response.set_status(304)
        start = stop
    elif (part := _range(request.headers.get(hdrs.RANGE, ""), size)) is not None:
        start, stop = part
        if start >= stop:
            return web.Response(status=416, headers={hdrs.CONTENT_RANGE: f"bytes */{size}"})
        response.headers[hdrs.CONTENT_RANGE] = f"bytes {start}-{stop - 1}/{size}"
        response.set_status(206)
    if response.status != 304:
        response.content_length = stop - start
    await response.prepare(request)
    if request.method == hdrs.METH_GET:
        await send_part(request, response, block, start, stop, patience)
    return response


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
