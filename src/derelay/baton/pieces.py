"""The hash of a tensor: of its bytes, or, where it is large, of the hashes of its pieces.

So a tensor is hashed as its bytes come, in any order and on all cores; and a published baton's blocks, which
are pieces, are hashed once for both names.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256

from derelay.baton.blocks import BLOCK_BYTES

PIECE_BYTES = BLOCK_BYTES
"""Bytes of each piece of a tensor but the last, which holds the rest."""


def spans(start: int, stop: int, step: int = PIECE_BYTES) -> Iterator[tuple[int, int]]:
    """Cut a range into ranges of `step` bytes and a rest."""
    for at in range(start, stop, step):
        yield at, min(at + step, stop)


def joined(digests: Sequence[bytes]) -> bytes:
    """Return the hash of what consists of pieces with these sha-256 digests: for one piece, its own."""
    return digests[0] if len(digests) == 1 else sha256(b"".join(digests)).digest()


def digest_of(memory: memoryview) -> bytes:
    """Return the hash of a tensor's bytes, which are at least one."""
    return joined([sha256(memory[start:stop]).digest() for start, stop in spans(0, len(memory))])
