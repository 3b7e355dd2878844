"""A store that keeps nothing: for who wants a baton in memory only."""

from collections.abc import Collection

from multiformats import CID

from derelay.baton.blocks import MissingBlock
from derelay.store.store import Store


class Passing(Store):
    """Blocks pass through it, to whoever takes them as they come; the disk is not touched."""

    def keep(self, cid: CID, block: bytes | memoryview) -> None:
        """See `Store.keep`; it does not."""

    def get(self, cid: CID) -> bytes:
        """See `Store.get`."""
        raise MissingBlock(f"block {cid} was not kept; fetch it")

    def has(self, cid: CID) -> bool:
        """See `Store.has`."""
        return False

    def delete(self, cid: CID) -> None:
        """See `Store.delete`."""

    def size(self) -> int:
        """See `Store.size`."""
        return 0

    def sweep(self, keep: Collection[CID], age: float) -> int:
        """See `Store.sweep`."""
        return 0
