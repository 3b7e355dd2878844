"""Blocks that others left here to be served: what a mirror keeps, and how much of it."""

import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from multiformats import CID

from derelay.baton.blocks import RAW, MissingBlock
from derelay.patience import STEP_BYTES
from derelay.store.directory import DirectoryStore
from derelay.store.store import StoreError


@dataclass(frozen=True)
class Allowance:
    """How much is kept for others.

    Attributes
    ----------
    each : int
        Bytes of one sender; for more, its oldest blocks go.
    total : int
        Bytes of all senders; beyond that nothing new is taken.
    age : float
        Seconds after which a block may go.
    """

    each: int = 4 << 30
    total: int = 40 << 30
    age: float = 30 * 86_400.0


class _Shelf:
    """The blocks of one sender, oldest first."""

    def __init__(self, folder: Path) -> None:
        self.store = DirectoryStore(folder)
        self.since: dict[CID, float] = {}
        self._charge: dict[CID, int] = {}
        self.used = 0
        for cid, size, since in sorted(self.store.listing(), key=lambda block: block[2]):
            self._note(cid, size, since)

    def put(self, block: bytes, codec: str) -> CID:
        cid = self.store.put(block, codec)
        self._strike(cid)
        self._note(cid, len(block), time.time())
        return cid

    def forget(self, cid: CID) -> None:
        self.store.delete(cid)
        self._strike(cid)

    def _note(self, cid: CID, size: int, since: float) -> None:
        self.since[cid], self._charge[cid] = since, charge(size)
        self.used += self._charge[cid]

    def _strike(self, cid: CID) -> None:
        self.since.pop(cid, None)
        self.used -= self._charge.pop(cid, 0)


class Guests:
    """Keeps sealed blocks for others, who cannot be reached themselves. It learns nothing from them.

    Parameters
    ----------
    folder : Path
        A directory of its own, with one for each sender in it.
    allowance : Allowance
        How much is kept.

    Attributes
    ----------
    admitted : frozenset of str
        Addresses of the wallets that may leave blocks here; whoever runs the mirror sets it.
    """

    def __init__(self, folder: Path, allowance: Allowance | None = None) -> None:
        self.admitted: frozenset[str] = frozenset()
        self._folder, self._allowance = folder, allowance or Allowance()
        self._lock = threading.Lock()
        self._shelves = {place.name: _Shelf(place) for place in sorted(folder.glob("0x*"))}

    def put(self, sender: str, block: bytes, codec: str = RAW) -> CID:
        """Keep a block for a sender, in place of its oldest ones if it has used up its allowance.

        Raises
        ------
        StoreError
            If there is no room.
        """
        with self._lock:
            if (
                sum(shelf.used for shelf in self._shelves.values()) + charge(len(block))
                > self._allowance.total
            ):
                raise StoreError("no room for others' blocks; try another mirror")
            if sender not in self._shelves:
                self._shelves[sender] = _Shelf(self._folder / sender)
            shelf = self._shelves[sender]
            cid = shelf.put(block, codec)
            while shelf.used > self._allowance.each:
                shelf.forget(next(iter(shelf.since)))
            return cid

    def get(self, cid: CID) -> bytes:
        """Return a block, whoever left it.

        Raises
        ------
        MissingBlock
            If nobody did.
        """
        return self._store_with(cid).get(cid)

    def open(self, cid: CID) -> BinaryIO:
        """Return a block as something to read from; see `Store.open`."""
        return self._store_with(cid).open(cid)

    def sweep(self) -> None:
        """Forget what is older than the allowance says."""
        with self._lock:
            before = time.time() - self._allowance.age
            for shelf in self._shelves.values():
                for cid in [cid for cid, since in shelf.since.items() if since <= before]:
                    shelf.forget(cid)

    def _store_with(self, cid: CID) -> DirectoryStore:
        with self._lock:
            stores = [shelf.store for shelf in self._shelves.values() if cid in shelf.since]
        if not stores:
            raise MissingBlock(f"block {cid} was left here by nobody; fetch it")
        return stores[0]


def charge(size: int) -> int:
    """Return what a block counts for: `STEP_BYTES` at least, lest tiny ones fill memory and folder."""
    return max(size, STEP_BYTES)
