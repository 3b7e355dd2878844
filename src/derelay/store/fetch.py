"""Getting the blocks that are missing from whoever has them."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from multiformats import CID

from derelay.baton.blocks import BlockError, CorruptBlock, MissingBlock, Source, verify
from derelay.store.patience import STEP_BYTES
from derelay.store.store import Store

FAST = 1e-6
"""Seconds for a byte: who takes longer is slow enough to try somebody else."""


@dataclass
class Fetched:
    """What one fetch did.

    Attributes
    ----------
    present : int
        Blocks that were here already.
    bytes_from : dict
        Bytes taken from each source that gave any.
    liars : dict
        Sources that gave other bytes than asked for, with the reason; they were not asked again.
    pace : dict
        Seconds that each source took for a byte when it was last asked; infinite if it failed.
    """

    present: int = 0
    bytes_from: dict[str, int] = field(default_factory=dict)
    liars: dict[str, str] = field(default_factory=dict)
    pace: dict[str, float] = field(default_factory=dict)

    @property
    def total_bytes(self) -> int:
        """All bytes taken."""
        return sum(self.bytes_from.values())


def fetch(
    root: CID, store: Store, sources: Mapping[str, Source], links: Callable[[bytes], Sequence[CID]]
) -> Fetched:
    """Bring a root block and all blocks it links to into the store.

    Blocks that are here are not fetched again, so calling it once more goes on where it stopped. Each one is
    verified against its content identifier before it is kept. (What is here is verified when it is read.)

    Parameters
    ----------
    root : CID
        The block to begin with.
    store : Store
        Where the blocks go.
    sources : mapping of str to Source
        Whom to ask, in order, by the name that reports and errors give them; once one turns out to be slow,
        the fastest first.
    links : callable
        Returns the blocks that a root block links to; refuses, by an error, one that nobody should fetch.

    Raises
    ------
    MissingBlock
        If a block could be had from nobody. It names the block, who was asked and what they said.
    """
    fetched = Fetched()
    _bring(root, store, sources, fetched)
    for cid in links(store.get(root)):
        _bring(cid, store, sources, fetched)
    return fetched


def _bring(cid: CID, store: Store, sources: Mapping[str, Source], fetched: Fetched) -> None:
    if store.has(cid):
        fetched.present += 1
        return
    reasons = dict(fetched.liars)
    for name in sorted(sources, key=lambda name: fetched.pace.get(name, FAST)):
        if name in fetched.liars:
            continue
        began = time.monotonic()
        try:
            block = sources[name].get(cid)
        except BlockError as error:
            reasons[name] = str(error)
            continue
        except OSError as error:
            reasons[name] = str(error)
            fetched.pace[name] = math.inf
            continue
        fetched.pace[name] = (time.monotonic() - began) / max(len(block), STEP_BYTES)
        try:
            verify(cid, block)
        except CorruptBlock as error:
            fetched.liars[name] = reasons[name] = str(error)
            continue
        store.keep(cid, block)
        fetched.bytes_from[name] = fetched.bytes_from.get(name, 0) + len(block)
        return
    asked = "; ".join(f"{name}: {reason}" for name, reason in reasons.items()) or "nobody"
    raise MissingBlock(
        f"block {cid} could not be had; asked were {asked}. Try again when more holders are there"
    )
