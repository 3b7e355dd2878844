"""How a mirror takes a block: from whom it may, up to a size, and only if it is what it is called."""

import asyncio

from aiohttp import hdrs, web
from multiformats import CID

from derelay.baton.blocks import BLOCK_BYTES, CorruptBlock, verify
from derelay.patience import STEP_BYTES
from derelay.store.guests import Guests
from derelay.store.signature import signer_of
from derelay.store.store import StoreError


async def keep_block(request: web.BaseRequest, cid: CID, guests: Guests, patience: float) -> web.Response:
    """Take a block, and say how that went. Nothing is read of it before its sender is known.

    Raises
    ------
    TimeoutError
        If the client does not send `STEP_BYTES` within `patience` seconds.
    """
    sender = signer_of(cid, request.headers.get(hdrs.AUTHORIZATION, ""))
    if sender is None:
        return _refusal(401, "a block needs the signature of its sender's wallet")
    if sender not in guests.admitted:
        return _refusal(403, f"{sender} is not among those whose blocks are kept here")
    if request.content_length is None:
        return _refusal(411, "its length has to be said first")
    if request.content_length > BLOCK_BYTES:
        return _refusal(413, f"a block has at most {BLOCK_BYTES} bytes")
    block = await _body(request, request.content_length, patience)
    try:
        verify(cid, block)
        await asyncio.to_thread(guests.put, sender, block, cid.codec.name)
    except CorruptBlock:
        return _refusal(400, "the bytes are not those of this identifier")
    except StoreError:
        return _refusal(507, "no room for this block")
    return web.Response(status=201)


async def _body(request: web.BaseRequest, length: int, patience: float) -> bytes:
    block = bytearray()
    while len(block) < length:
        async with asyncio.timeout(patience):
            try:
                block += await request.content.readexactly(min(STEP_BYTES, length - len(block)))
            except asyncio.IncompleteReadError as error:
                raise ConnectionResetError("the client is gone") from error
    return bytes(block)


def _refusal(status: int, reason: str) -> web.Response:
    response = web.Response(status=status, text=reason + "\n")
    response.force_close()  # what it still sends is not for us
    return response
