"""The root block of a sealed baton: how it is stored, and links to its blocks, in order."""

from dataclasses import dataclass

from multiformats import CID

from derelay.baton.blocks import BLOCK_BYTES, DAG_CBOR, RAW, cid_from_digest
from derelay.baton.canonical import CanonicalError, decode, encode, expect_fields
from derelay.baton.checks import check_digest, check_name
from derelay.baton.cipher import TAG_BYTES
from derelay.baton.encoding import WHOLE, Encoding
from derelay.baton.errors import BatonError, SealError
from derelay.rules.protocol import PROTOCOL_VERSION

_FIELDS = {"protocol": int, "codec": str, "base": bytes, "size": int, "links": list}

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
        most = 12 + 2 * block_count(limit)  # a link is a tag and a byte string
        try:
            value = decode(block, max_bytes=BLOCK_BYTES, max_items=most, max_depth=3)
            fields = expect_fields(value, _FIELDS)
            check_name("codec", fields["codec"])
            if fields["base"]:
                check_digest("base", fields["base"])
        except (CanonicalError, BatonError) as error:
            raise SealError(f"root block of at most {limit} bytes refused: {error}") from error
        protocol, size, links = fields["protocol"], fields["size"], fields["links"]
        if protocol != PROTOCOL_VERSION:
            raise SealError(f"root block refused: protocol {protocol!r}, spoken here is {PROTOCOL_VERSION}")
        if not 0 < size <= limit:
            raise SealError(f"root block refused: {size} bytes, allowed are 1 to {limit}")
        if len(links) != block_count(size):
            raise SealError(f"root block refused: {len(links)} links, {size} bytes need {block_count(size)}")
        cids = []
        for index, link in enumerate(links):
            if not isinstance(link, CID) or link.codec.name != RAW or link.hashfun.name != "sha2-256":
                raise SealError(f"root block refused: link {index} does not name a raw block by its sha2-256")
            cids.append(cid_from_digest(bytes(link.raw_digest), RAW))
        return Root(size, tuple(cids), Encoding(fields["codec"], fields["base"]))


def root_cid(content: bytes) -> CID:
    """Return the content identifier for the content id on chain (the sha-256 digest of the root block)."""
    return cid_from_digest(content, DAG_CBOR)
