"""The root block of a sealed baton: how it is stored, and links to its blocks, in order."""

import re
from dataclasses import dataclass

from multiformats import CID

from derelay.baton.blocks import BLOCK_BYTES, DAG_CBOR, cid_from_digest
from derelay.baton.canonical import CanonicalError, decode, encode, expect_fields
from derelay.baton.checks import check_digest, check_name
from derelay.baton.cipher import TAG_BYTES
from derelay.baton.encoding import WHOLE, Encoding
from derelay.baton.errors import BatonError, SealError
from derelay.rules.protocol import PROTOCOL_VERSION

_FIELDS = {"protocol": int, "codec": str, "base": bytes, "size": int, "links": list}

_LIST = 0x80  # in CBOR, a list of none; of up to 23 items, so much more
_LINKS = re.compile(rb"elinks(?:([\x80-\x97])|\x98([\x18-\xff])|\x99([\x01-\xff].))", re.DOTALL)
_RAW_LINK = b"\xd8\x2a\x58\x25\x00" + bytes(cid_from_digest(b""))
_LINK_BYTES = len(_RAW_LINK) + 32

CHUNK_BYTES = BLOCK_BYTES - TAG_BYTES
"""Bytes of the baton in each block but the last, which holds the rest."""


def block_count(size: int) -> int:
    """Return how many blocks `size` bytes are sealed into."""
    return -(-size // CHUNK_BYTES)


@dataclass(frozen=True)
class Root:
    """What a content id stands for: `size` bytes (before sealing) in the blocks that `links` name."""

    size: int
    links: tuple[CID, ...]
    encoding: Encoding = WHOLE

    def encode(self) -> bytes:
        """Return the root block: a canonical dag-cbor map."""
        block = encode(
            {
                "protocol": PROTOCOL_VERSION,
                "codec": self.encoding.codec,
                "base": self.encoding.base,
                "size": self.size,
                "links": list(self.links),
            }
        )
        if len(block) > BLOCK_BYTES:
            raise SealError(
                f"{self.size} bytes are more than one root block can link to; use a smaller codec"
            )
        return block

    @staticmethod
    def decode(block: bytes, limit: int) -> "Root":
        """Return the root that `block`, from anyone, encodes, if it stands for at most `limit` bytes.

        Raises
        ------
        SealError
            If it is no root block, or stands for more.
        """
        try:
            rest, links = without_links(block)
            fields = expect_fields(decode(rest, max_bytes=BLOCK_BYTES, max_items=12, max_depth=3), _FIELDS)
            check_name("codec", fields["codec"])
            if fields["base"]:
                check_digest("base", fields["base"])
        except (CanonicalError, BatonError) as error:
            raise SealError(f"root block of at most {limit} bytes refused: {error}") from error
        protocol, size = fields["protocol"], fields["size"]
        if protocol != PROTOCOL_VERSION:
            raise SealError(f"root block refused: protocol {protocol!r}, spoken here is {PROTOCOL_VERSION}")
        if not 0 < size <= limit:
            raise SealError(f"root block refused: {size} bytes, allowed are 1 to {limit}")
        if len(links) != block_count(size):
            raise SealError(f"root block refused: {len(links)} links, {size} bytes need {block_count(size)}")
        return Root(size, raw_cids(links), Encoding(fields["codec"], fields["base"]))


def without_links(block: bytes) -> tuple[bytes, list[bytes]]:
    """Split an encoded root into what is left with an empty list of links, and each link as it is encoded.

    All links to blocks have one length; taken out here they need not be decoded one by one.
    """
    found = _LINKS.search(block)
    if found is None:
        raise CanonicalError("no list of links")
    few, *many = found.groups()
    count = few[0] - _LIST if few else int.from_bytes(many[0] or many[1], "big")
    stop = found.end() + count * _LINK_BYTES
    links = [block[at : at + _LINK_BYTES] for at in range(found.end(), stop, _LINK_BYTES)]
    return block[: found.start()] + b"elinks" + bytes([_LIST]) + block[stop:], links


def raw_cids(links: list[bytes]) -> tuple[CID, ...]:
    """Return what encoded links name; raise `SealError` if one names no raw block by its sha2-256."""
    for index, link in enumerate(links):
        if not link.startswith(_RAW_LINK):
            raise SealError(f"root block refused: link {index} does not name a raw block by its sha2-256")
    return tuple(cid_from_digest(link[len(_RAW_LINK) :]) for link in links)


def root_cid(content: bytes) -> CID:
    """Return the content identifier for the content id on chain (the sha-256 digest of the root block)."""
    return cid_from_digest(content, DAG_CBOR)
