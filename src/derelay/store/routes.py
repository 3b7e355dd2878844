"""The routes of a trustless gateway, and the one by which a mirror takes blocks."""

import asyncio
import re
from typing import BinaryIO

from aiohttp import hdrs, web
from multiformats import CID

from derelay.baton.blocks import BlockError, MissingBlock, parse_cid
from derelay.store.car import FORM, SCOPES, send_car, wants_car
from derelay.store.guests import Guests
from derelay.store.http_source import RAW_BLOCK
from derelay.store.keeping import keep_block
from derelay.store.serving import send_block, wants_raw
from derelay.store.store import Store, StoreError

_PATH = re.compile(r"/ipfs/([A-Za-z0-9_-]{1,128})")


class Routes:
    """Answers requests for blocks.

    Parameters
    ----------
    store : Store
        Its own blocks.
    guests : Guests or None
        Those that it keeps for others; None if it keeps nobody's.
    patience : float
        Seconds without progress until a client is cut off.
    """

    def __init__(self, store: Store, guests: Guests | None, patience: float) -> None:
        self._store, self._guests, self._patience = store, guests, patience

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request; a `TimeoutError` says that the client is to be cut off."""
        path = _PATH.fullmatch(request.rel_url.raw_path)
        if path is None:
            return _refusal(404, "only /ipfs/{cid} is served here")
        try:
            cid = parse_cid(path[1])
        except ValueError as error:
            return _refusal(400, str(error))
        if request.method == hdrs.METH_PUT and self._guests is not None:
            return await keep_block(request, cid, self._guests, self._patience)
        if request.method not in (hdrs.METH_GET, hdrs.METH_HEAD):
            allowed = "GET, HEAD" if self._guests is None else "GET, HEAD, PUT"
            return _refusal(405, "nothing else can be done here", {hdrs.ALLOW: allowed})
        scope = request.query.get("dag-scope", "all")
        if scope not in SCOPES:
            return _refusal(400, f"dag-scope is one of {', '.join(SCOPES)}")
        if not (is_car := wants_car(request)) and not wants_raw(request):
            return _refusal(406, f"only format=raw, {RAW_BLOCK}, and format=car, {FORM}, are served here")
        try:
            block = await asyncio.to_thread(self._open, cid)
        except StoreError:
            return _refusal(500, "the store cannot be read")
        except BlockError:
            return _refusal(404, "this block is not here")
        with block:
            if is_car:
                return await send_car(request, cid, self._get, scope, self._patience)
            return await send_block(request, cid, block, self._patience)

    def _open(self, cid: CID) -> BinaryIO:
        try:
            return self._store.open(cid)
        except MissingBlock:
            if self._guests is None:
                raise
            return self._guests.open(cid)

    def _get(self, cid: CID) -> bytes:
        try:
            return self._store.get(cid)
        except MissingBlock:
            if self._guests is None:
                raise
            return self._guests.get(cid)


def _refusal(status: int, reason: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(status=status, text=reason + "\n", headers=headers)
