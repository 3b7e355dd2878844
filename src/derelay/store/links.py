"""The blocks that a dag-cbor block links to, read off without building anything of what it says."""

from collections.abc import Iterator

from multiformats import CID

from derelay.baton.blocks import cid_from_bytes
from derelay.baton.canonical import item_head

_LINK = 42
_BYTES, _TEXT, _TAG = 2, 3, 6


def links_of(block: bytes) -> Iterator[CID]:
    """Yield the links in a dag-cbor block from anyone, in their order.

    https://ipld.io/specs/codecs/dag-cbor/spec/#links

    Raises
    ------
    ValueError
        If it is not dag-cbor, or links to what is no raw or dag-cbor block by its sha2-256.
    """
    at, is_link = 0, False
    while at < len(block):
        major, argument, content = item_head(block, at)
        at = content + (argument if major in (_BYTES, _TEXT) else 0)
        if is_link:
            if major != _BYTES or not block[content : content + 1] == b"\0":
                raise ValueError("a link that is no content identifier")
            yield cid_from_bytes(block[content + 1 : at])
        is_link = major == _TAG and argument == _LINK
    if at > len(block) or is_link:
        raise ValueError("truncated dag-cbor")
