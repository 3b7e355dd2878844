"""How a mirror takes a block: from whom it may, up to a size, and only if it is what it is called."""

from multiformats import CID

from derelay.baton.blocks import BLOCK_BYTES, CorruptBlock, verify
from derelay.store.answer import Answer, refusal
from derelay.store.guests import Guests
from derelay.store.request import Request
from derelay.store.signature import signer_of
from derelay.store.store import StoreError


def keep_block(request: Request, cid: CID, guests: Guests) -> Answer:
    """Take a block, and say how that went. Nothing is read of it before its sender is known."""
    sender = signer_of(cid, request.headers.get("authorization", ""))
    if sender is None:
        return refusal(401, "a block needs the signature of its sender's wallet")
    if sender not in guests.admitted:
        return refusal(403, f"{sender} is not among those whose blocks are kept here")
    if request.length is None:
        return refusal(411, "its length has to be said first")
    if request.length > BLOCK_BYTES:
        return refusal(413, f"a block has at most {BLOCK_BYTES} bytes")
    block = request.body(request.length)
    try:
        verify(cid, block)
        guests.put(sender, block, cid.codec.name)
    except CorruptBlock:
        return refusal(400, "the bytes are not those of this identifier")
    except StoreError:
        return refusal(507, "no room for this block")
    return Answer(201)
