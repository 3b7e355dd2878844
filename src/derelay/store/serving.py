"""The routes of a trustless gateway: one block to a request, named by its content identifier."""

import asyncio
import re

from aiohttp import hdrs, web
from multiformats import CID

from derelay.baton.blocks import BlockError
from derelay.store.http_source import RAW_BLOCK
from derelay.store.patience import STEP_BYTES
from derelay.store.store import Store, StoreError

_PATH = re.compile(r"/ipfs/([A-Za-z0-9_-]{1,128})")
_READING = (hdrs.METH_GET, hdrs.METH_HEAD)


class Serving:
    """Answers requests for the blocks of a store.

    Parameters
    ----------
    store : Store
        Whose blocks.
    patience : float
        Seconds in which a client takes `STEP_BYTES` of an answer; else it is a `TimeoutError`.
    """

    def __init__(self, store: Store, patience: float) -> None:
        self._store, self._patience = store, patience

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request."""
        path = _PATH.fullmatch(request.rel_url.raw_path)
        if path is None:
            return _refusal(404, "only /ipfs/{cid} is served here")
        if request.method not in _READING:
            return _refusal(405, "blocks can only be read here", {"Allow": ", ".join(_READING)})
        cid = _cid(path[1])
        if cid is None:
            return _refusal(400, "not a content identifier")
        if request.query.get("format", "raw") != "raw" or not _accepts_raw(request):
            return _refusal(406, f"only format=raw, {RAW_BLOCK}, is served here")
        etag = f'"{cid}.raw"'
        headers = {
            "Content-Type": RAW_BLOCK,
            "Content-Disposition": f'attachment; filename="{cid}.bin"',
            "Cache-Control": "public, max-age=29030400, immutable",
            "Etag": etag,
            "X-Content-Type-Options": "nosniff",
        }
        try:
            block = await asyncio.to_thread(self._store.get, cid)
        except StoreError:
            return _refusal(500, "the store cannot be read")
        except BlockError:
            return _refusal(404, "this block is not here")
        if etag in request.headers.get("If-None-Match", ""):
            return web.Response(status=304, headers=headers)
        return await self._send(request, block, headers)

    async def _send(
        self, request: web.BaseRequest, block: bytes, headers: dict[str, str]
    ) -> web.StreamResponse:
        body = memoryview(block)
        response = web.StreamResponse(headers=headers | {"Accept-Ranges": "bytes"})
        try:
            wanted = request.http_range
        except ValueError:
            return _refusal(416, "no such range", {"Content-Range": f"bytes */{len(block)}"})
        if wanted.start is not None or wanted.stop is not None:
            start, stop, _ = wanted.indices(len(block))
            if start >= stop:
                return _refusal(416, "no such range", {"Content-Range": f"bytes */{len(block)}"})
            body = body[start:stop]
            response.set_status(206)
            response.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(block)}"
        response.content_length = len(body)
        await response.prepare(request)
        if request.method == hdrs.METH_GET:
            for at in range(0, len(body), STEP_BYTES):
                async with asyncio.timeout(self._patience):
                    await response.write(body[at : at + STEP_BYTES])
                    await request.writer.drain()
        await response.write_eof()
        return response


def _cid(text: str) -> CID | None:
    try:
        return CID.decode(text)
    except (ValueError, LookupError):
        return None


def _accepts_raw(request: web.BaseRequest) -> bool:
    if "format" in request.query:  # takes precedence
        return True
    return any(kind in request.headers.get("Accept", "*/*") for kind in (RAW_BLOCK, "*/*", "application/*"))


def _refusal(status: int, reason: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(status=status, text=reason + "\n", headers=headers)
