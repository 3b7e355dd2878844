"""Blocks: bytes named by their hash, the unit in which sealed batons are stored and handed on.

The names are IPFS content identifiers (CIDv1, sha2-256, in base 32), and a block is no larger than IPFS
peers accept. https://docs.ipfs.tech/concepts/content-addressing/
"""

from hashlib import sha256
from typing import Protocol

from multiformats import CID

BLOCK_BYTES = 1 << 20
"""Bytes of the largest block: 1 MiB."""

RAW, DAG_CBOR = "raw", "dag-cbor"
"""Multicodec names of what a block holds: plain bytes, or a dag-cbor map that may link to other blocks."""


class BlockError(Exception):
    """A block cannot be had."""


class MissingBlock(BlockError):  # noqa: N818 - what it is, in the words of the field
    """Whoever was asked does not hold the block."""


class CorruptBlock(BlockError):  # noqa: N818
    """The bytes are not those that the content identifier names."""


class Source(Protocol):
    """Anything that blocks can be had from."""

    def get(self, cid: CID) -> bytes:
        """Return the block; raise `BlockError` or `OSError` where that fails."""
        ...


class Sink(Protocol):
    """Anything that takes blocks."""

    def put(self, block: bytes, codec: str = RAW) -> CID:
        """Keep the block and return its content identifier."""
        ...


def cid_from_digest(digest: bytes, codec: str = RAW) -> CID:
    """Return the content identifier of the block whose sha-256 digest this is."""
    return CID("base32", 1, codec, ("sha2-256", digest))


def cid_of(block: bytes, codec: str = RAW) -> CID:
    """Return the content identifier of a block."""
    return cid_from_digest(sha256(block).digest(), codec)


def verify(cid: CID, block: bytes) -> None:
    """Raise `CorruptBlock` unless `block` is what `cid` names (by sha2-256, the only hash in use)."""
    if cid.hashfun.name != "sha2-256" or cid.raw_digest != sha256(block).digest():
        raise CorruptBlock(
            f"block {cid}: its {len(block)} bytes have another hash; get it from another holder"
        )
