"""Getting the blocks that are missing from whoever has them."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from multiformats import CID

from derelay.baton.blocks import CorruptBlock, MissingBlock, Source
from derelay.store.store import Store
from derelay.store.swarm import Swarm, Taken


@dataclass
class Fetched:
    """What one fetch did.

    Attributes
    ----------
    present : int
        Blocks that were here already.
    bytes_from : Counter
        Bytes taken from each source that gave any.
    liars : dict
        Sources that gave other bytes than asked for, with the reason; they were not asked again.
    pace : dict
        Seconds that each source took for a byte when it was last asked; infinite if it failed.
    """

    present: int = 0
    bytes_from: Counter[str] = field(default_factory=Counter)
    liars: dict[str, str] = field(default_factory=dict)
    pace: dict[str, float] = field(default_factory=dict)

    @property
    def total_bytes(self) -> int:
        """All bytes taken."""
        return sum(self.bytes_from.values())


def fetch(
    root: CID,
    store: Store,
    sources: Mapping[str, Source],
    links: Callable[[bytes], Sequence[CID]],
    take: Taken | None = None,
    until: float = math.inf,
) -> Fetched:
    """Bring a root block and all blocks it links to into the store.

    Blocks that are here are not fetched again, so calling it once more goes on where it stopped. Each one is
    verified against its content identifier before it is kept. (What is here is verified when it is read.)
    Several are fetched at a time, from several sources where there are any.

    Parameters
    ----------
    root : CID
        The block to begin with.
    store : Store
        Where the blocks go.
    sources : mapping of str to Source
        Whom to ask, in order, by the name that reports and errors give them.
    links : callable
        Returns the blocks that a root block links to; refuses, by an error, one that nobody should fetch.
    take : callable or None
        Is given each block that the root links to, those that are here too, by its place among the links: in
        any order, from any thread. What it raises, this raises, and nothing more is fetched.
    until : float
        When to give up, by `time.monotonic`. What has come by then stays.

    Raises
    ------
    MissingBlock
        If a block could be had from nobody, or not in time. It names the block, who was asked and what they
        said.
    """
    fetched = Fetched()
    root_blocks: list[bytes] = []
    _bring([root], store, sources, fetched, lambda _, block: root_blocks.append(bytes(block)), until)
    _bring(links(root_blocks[0]), store, sources, fetched, take, until)
    return fetched


def _bring(
    cids: Sequence[CID],
    store: Store,
    sources: Mapping[str, Source],
    fetched: Fetched,
    take: Taken | None,
    until: float,
) -> None:
    """Bring these blocks, and hand those that are here over while others come."""

    def keep(place: int, block: memoryview) -> None:
        store.keep(cids[place], block)
        if take is not None:
            take(place, block)

    here = [place for place, cid in enumerate(cids) if store.has(cid)]
    asked = sorted(sources.keys() - fetched.liars.keys(), key=_preference(sources, fetched))
    with Swarm(cids, {name: sources[name] for name in asked}, keep) as swarm:
        swarm.start(sorted(set(range(len(cids))) - set(here)))
        for place in here:
            try:
                block = store.get(cids[place]) if take is not None else b""
            except (MissingBlock, CorruptBlock):
                swarm.start([place])
                continue
            fetched.present += 1
            if take is not None:
                take(place, memoryview(block))
        in_time = swarm.wait(until)
    fetched.bytes_from += swarm.bytes_from
    fetched.liars |= swarm.liars
    fetched.pace |= swarm.pace
    if not in_time:
        raise MissingBlock(
            f"not all of {len(cids)} blocks came in time from {', '.join(asked) or 'nobody'}; "
            "what came stays, the rest is asked for again"
        )
    if swarm.lost is not None:
        reasons = {**fetched.liars, **swarm.reasons(swarm.lost)}
        asked_were = "; ".join(f"{name}: {reason}" for name, reason in reasons.items()) or "nobody"
        raise MissingBlock(
            f"block {cids[swarm.lost]} could not be had; asked were {asked_were}. "
            "Try again when more holders are there"
        )


def _preference(sources: Mapping[str, Source], fetched: Fetched) -> Callable[[str], tuple[bool, int]]:
    """Return how sources are sorted: as they were given, but those that failed last."""
    order = {name: place for place, name in enumerate(sources)}
    return lambda name: (fetched.pace.get(name) == math.inf, order[name])
