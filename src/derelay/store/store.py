"""The store seam: where a participant keeps blocks."""

import io
from abc import ABC, abstractmethod
from collections.abc import Collection
from typing import BinaryIO

from multiformats import CID

from derelay.baton.blocks import RAW, BlockError, cid_of


class StoreError(BlockError):
    """The store itself fails: the disk is full, or not to be written."""


class Store(ABC):
    """Blocks by content identifier. What it returns is what the identifier names."""

    def put(self, block: bytes, codec: str = RAW) -> CID:
        """Keep a block of one's own; return its content identifier. Putting it again makes it young again.

        Raises
        ------
        StoreError
            If it cannot be kept.
        """
        cid = cid_of(block, codec)
        self.keep(cid, block)
        return cid

    @abstractmethod
    def keep(self, cid: CID, block: bytes | memoryview) -> None:
        """Keep a block that was seen to be what `cid` names; the same otherwise as `put`."""

    @abstractmethod
    def get(self, cid: CID) -> bytes:
        """Return a block.

        Raises
        ------
        MissingBlock
            If it is not here.
        CorruptBlock
            If what is here is not what `cid` names; it is deleted, so that it can be fetched again.
        StoreError
            If it cannot be read.
        """

    def open(self, cid: CID) -> BinaryIO:
        """Return a block as something to read from, at its first byte; raises what `get` does."""
        return io.BytesIO(self.get(cid))

    @abstractmethod
    def has(self, cid: CID) -> bool:
        """Say whether the block is here."""

    @abstractmethod
    def delete(self, cid: CID) -> None:
        """Forget a block; that it is not here is no error."""

    @abstractmethod
    def size(self) -> int:
        """Return the bytes of all blocks here."""

    @abstractmethod
    def sweep(self, keep: Collection[CID], age: float) -> int:
        """Forget the blocks that are not in `keep` and were put `age` seconds ago or earlier.

        Returns
        -------
        int
            The bytes that were freed.

        Raises
        ------
        StoreError
            If they cannot be deleted.
        """
