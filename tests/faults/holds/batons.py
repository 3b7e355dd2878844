"""The heads of a relay, opened from each node's own store: the same bits everywhere, back to genesis."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256

from eth_typing import ChecksumAddress

from derelay.baton.baton import Baton
from derelay.baton.root import root_cid
from derelay.chain.wallet import Wallet
from derelay.cli.home import Home
from derelay.learn.loading import load_task
from derelay.learn.own import own_share
from derelay.node.holdings import contents_of
from derelay.node.journal import Journal
from derelay.node.participant import Participant
from derelay.node.strategy import Honest
from derelay.rules.verdict import Verdict
from derelay.store.directory import DirectoryStore
from faults.scene import Scene


@dataclass(frozen=True)
class Heads:
    """How many heads there were besides genesis, how many copies of them were opened, and what is wrong."""

    count: int
    copies: int
    broken: list[str]


def compare_heads(scene: Scene) -> Heads:
    """Open each head wherever its key was granted and its blocks are; the nodes must have stopped."""
    relay = scene.relay
    changed = [event.values for event in relay.history.named("HeadChanged")]
    ids = [relay.genesis, *(values["id"] for values in changed)]
    found: dict[bytes, Baton] = {}
    broken, copies = [], 0
    for who in scene.nodes:
        for id, baton in _opened(scene, who, ids):
            first = found.setdefault(id, baton)
            copies += 1
            if not _is_itself(id, baton) or _bits(baton) != _bits(first):
                broken.append(f"{scene.nodes[who].name} has other weights than head {id.hex()[:12]}")
    if ids[-1] not in found:
        broken.append(f"nobody has the head {ids[-1].hex()[:12]}")
    children = _children(scene)
    for version, values in enumerate(changed, 1):
        baton = found.get(values["id"])
        if baton is None:
            continue
        known = {ids[version - 1]} | children.get(values["round"], set())
        if baton.manifest.version != version or not set(baton.manifest.parents) <= known:
            broken.append(
                f"head {version} is not made of the one before it and of children that did not fail"
            )
    return Heads(len(changed), copies, broken)


def _opened(scene: Scene, who: ChecksumAddress, ids: Sequence[bytes]) -> Iterator[tuple[bytes, Baton]]:
    """Yield those of the batons that a node can open from what is on its disk."""
    place = list(scene.nodes).index(who)
    home = Home(scene.nodes[who].folder / "node", scene.relay.rounds.address, who)
    task = load_task(scene.terms.task)
    with closing(Journal(home.journal)) as journal:
        me = Participant(
            relay=scene.relay,
            wallet=Wallet(scene.devnet.keys()[place]),
            task=task,
            share=own_share(task, scene.nodes[who].folder / "cases.npz"),
            strategy=Honest(),
            store=DirectoryStore(home.blocks),
            peers=lambda url: None,
            url="",
            journal=journal,
            entropy=os.urandom,
        )
        for id in ids:
            is_here = any(me.store.has(root_cid(content)) for content in contents_of(me, id))
            baton = me.baton(id) if is_here else None
            if baton is not None:
                yield id, baton


def _bits(baton: Baton) -> dict[str, bytes]:
    return {name: tensor.contiguous().numpy().tobytes() for name, tensor in baton.tensors.items()}


def _is_itself(id: bytes, baton: Baton) -> bool:
    """Return whether weights and manifest are what an id stands for, hashed anew."""
    told = {spec.name: spec.sha256 for spec in baton.manifest.tensors}
    made = {name: sha256(bits).digest() for name, bits in _bits(baton).items()}
    return told == made and sha256(baton.manifest.encode()).digest() == id


def _children(scene: Scene) -> dict[int, set[bytes]]:
    """Return the children of each round that did not fail."""
    found: defaultdict[int, set[bytes]] = defaultdict(set)
    for event in scene.relay.history.named("Judged"):
        if event.values["verdict"] in (Verdict.PASS, Verdict.UNDECIDED):
            found[event.values["round"]].add(event.values["id"])
    return found
