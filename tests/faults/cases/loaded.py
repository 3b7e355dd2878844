"""Load: one holder whom many ask at once, and many who never finish asking, while it has duties."""

from __future__ import annotations

from pathlib import Path
from random import Random

from derelay.baton.blocks import BLOCK_BYTES, cid_text
from derelay.rules.phases import Phase
from derelay.store.directory import DirectoryStore
from faults.case import Case, Outcome, Tell
from faults.holds import what_must_hold
from faults.readers import cut_off, read_by_many, unfinished
from faults.scene import Scene

SEED = 8
READERS = 64
BLOCKS = 96
"""Of the blob: 96 MiB are 100.7 MB."""
UNFINISHED, HOSTS = 200, 8
PATIENCE = 30


def load(folder: Path, tell: Tell) -> Outcome:
    """Let 64 read 100 MB from the creator's node while 200 others keep it waiting, for a round at least."""
    with Scene(folder, tell, arrange=_arrange) as scene:
        who, node = next(iter(scene.nodes.items()))
        (blocks,) = (node.folder / "node").rglob("blocks")
        store, dice = DirectoryStore(blocks), Random(SEED)
        cids = [store.put(dice.randbytes(BLOCK_BYTES)) for _ in range(BLOCKS)]
        url = scene.relay.member(who).url
        scene.traces.most_disk += BLOCKS
        scene.reach(1, Phase.ENTER)
        with unfinished(url, UNFINISHED, HOSTS) as connections:
            scene.note(f"{UNFINISHED} connections to {node.name} with half a request")
            scene.note(f"{READERS} ask {node.name} for {BLOCKS} MiB")
            names, digests = [cid_text(cid) for cid in cids], [bytes(cid.raw_digest) for cid in cids]
            readings = read_by_many(url, names, digests, READERS)
            longest = max(reading.seconds for reading in readings)
            tell(f"all have read it after {longest:.0f} s")
            scene.wait(
                lambda: cut_off(connections) == UNFINISHED, "the unfinished to be cut off", 3 * PATIENCE
            )
        scene.reach(2, Phase.REST)
        outcome = what_must_hold(scene)
    return outcome.with_figures(
        {
            "readers served": len(readings),
            "s for all": round(longest, 1),
            "MB/s": round(READERS * BLOCKS * BLOCK_BYTES / 1e6 / longest),
            "turned away at first": sum(reading.returns > 0 for reading in readings),
            "cut off": UNFINISHED,
        }
    )


def _arrange(scene: Scene) -> None:
    for node in scene.nodes.values():
        node.arguments = ["--patience", str(PATIENCE)]


CASES = (
    Case(
        "loaded",
        8,
        "64 readers of 100 MB at once, and 200 connections with half a request, at one node with duties",
        "all get it, the 200 are cut off, nobody loses anything, no phase is late by a window",
        load,
    ),
)
