"""Blocks: bytes named by their hash, the unit in which sealed batons are stored and handed on.

The names are IPFS content identifiers (CIDv1, sha2-256, in base 32), and a block is no larger than IPFS
peers accept. https://docs.ipfs.tech/concepts/content-addressing/
"""

import re
from base64 import b32decode, b32encode
from functools import cache
from hashlib import sha256
from typing import Protocol

from multiformats import CID, multibase, multicodec, multihash

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
    """Return the content identifier of the block whose sha-256 digest, of 32 bytes, this is.

    `CID(...)` makes the same, but looks up again what is known here: twenty times slower.
    """
    return CID._new_instance(CID, _BASE, 1, _multicodec(codec), _HASH, _SHA2_256 + digest)


def cid_of(block: bytes, codec: str = RAW) -> CID:
    """Return the content identifier of a block."""
    return cid_from_digest(sha256(block).digest(), codec)


def cid_text(cid: CID) -> str:
    """Return a content identifier in base 32, whatever base it came in.

    `multiformats` writes the same, but a hundred times slower.
    """
    return "b" + b32encode(bytes(cid)).decode().lower().rstrip("=")


def parse_cid(text: str) -> CID:
    """Return the content identifier that `text`, from anyone, is the base 32 or base 36 form of.

    Raises
    ------
    ValueError
        If it is not that of a raw or dag-cbor block by its sha2-256: nothing else is in use here.
    """
    encoded = b""
    if _BASE_32.fullmatch(text):
        encoded = b32decode(text[1:].upper() + "======")
    elif _BASE_36.fullmatch(text):
        encoded = int(text[1:], 36).to_bytes(36, "big")
    try:
        return cid_from_bytes(encoded)
    except ValueError as error:
        raise ValueError(
            f"{text[:80]!r} is not the identifier of a block; give one that begins with baf"
        ) from error


def cid_from_bytes(encoded: bytes) -> CID:
    """Return the content identifier that these bytes, from anyone, are.

    Raises
    ------
    ValueError
        If they are not that of a raw or dag-cbor block by its sha2-256.
    """
    codec = _CODECS.get(encoded[:4])
    if codec is None or len(encoded) != 36:
        raise ValueError("not the identifier of a raw or dag-cbor block by its sha2-256")
    return cid_from_digest(encoded[4:], codec)


def verify(cid: CID, block: bytes | memoryview) -> None:
    """Raise `CorruptBlock` unless `block` is what `cid` names (by sha2-256, the only hash in use)."""
    if cid.digest != _SHA2_256 + sha256(block).digest():
        raise CorruptBlock(
            f"block {cid}: its {len(block)} bytes have another hash; get it from another holder"
        )


_BASE, _HASH = multibase.get("base32"), multihash.get("sha2-256")
_multicodec = cache(multicodec.get)
_SHA2_256 = bytes([0x12, 32])  # as multihash has it: the function, and the bytes of its digest
_CODECS = {bytes([1, 0x55]) + _SHA2_256: RAW, bytes([1, 0x71]) + _SHA2_256: DAG_CBOR}
_BASE_32 = re.compile("b[a-z2-7]{57}[aeimquy4]")  # two bits to spare, which are zero
_BASE_36 = re.compile("k[1-9a-z][0-9a-z]{54}")
