"""The routes of a trustless gateway, and the one by which a mirror takes blocks."""

import re
from typing import BinaryIO

from multiformats import CID

from derelay.baton.blocks import BlockError, MissingBlock, parse_cid
from derelay.store.answer import Answer, refusal
from derelay.store.car import FORM, SCOPES, car_answer, wants_car
from derelay.store.guests import Guests
from derelay.store.http_source import RAW_BLOCK
from derelay.store.keeping import keep_block
from derelay.store.request import Request
from derelay.store.serving import block_answer, wants_raw
from derelay.store.store import Store, StoreError

_PATH = re.compile(r"/ipfs/([A-Za-z0-9_-]{1,128})")
_PROBE = "/ipfs/bafkqaaa"  # the empty block, which is its own identifier: asked for to see a gateway


class Routes:
    """Answers requests for blocks.

    Parameters
    ----------
    store : Store
        Its own blocks.
    guests : Guests or None
        Those that it keeps for others; None if it keeps nobody's.
    """

    def __init__(self, store: Store, guests: Guests | None) -> None:
        self._store, self._guests = store, guests

    def handle(self, request: Request) -> Answer:
        """Answer one request; an `OSError` says that the client is to be cut off."""
        if request.path == _PROBE and request.method in ("GET", "HEAD"):
            return Answer(200, {"Content-Type": RAW_BLOCK})
        path = _PATH.fullmatch(request.path)
        if path is None:
            return refusal(404, "only /ipfs/{cid} is served here")
        try:
            cid = parse_cid(path[1])
        except ValueError as error:
            return refusal(400, str(error))
        if request.method == "PUT" and self._guests is not None:
            return keep_block(request, cid, self._guests)
        if request.method not in ("GET", "HEAD"):
            allowed = "GET, HEAD" if self._guests is None else "GET, HEAD, PUT"
            return refusal(405, "nothing else can be done here", {"Allow": allowed})
        scope = request.query.get("dag-scope", "all")
        if scope not in SCOPES:
            return refusal(400, f"dag-scope is one of {', '.join(SCOPES)}")
        if not (is_car := wants_car(request)) and not wants_raw(request):
            return refusal(406, f"only format=raw, {RAW_BLOCK}, and format=car, {FORM}, are served here")
        if is_car and not request.takes_chunks:
            return refusal(505, "an archive comes in chunks, so ask in HTTP/1.1")
        try:
            block = self._open(cid)
        except StoreError:
            return refusal(500, "the store cannot be read")
        except BlockError:
            return refusal(404, "this block is not here")
        if is_car:
            block.close()
            return car_answer(request, cid, self._get, scope)
        return block_answer(request, cid, block)

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
