"""Encryption keys that are replaced, while batons go on being granted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from reborn import reborn

from crash.world import Brief
from derelay.rules.phases import Phase
from small_relay import begin, play

NEW = bytes(range(1, 33))


def test_a_new_key_is_registered_and_old_grants_still_open(tmp_path: Path) -> None:
    chain, cast = begin(tmp_path, task=Brief())
    relay, nodes = cast.relay, list(cast.nodes)
    play(chain, cast, lambda relay: relay.view().phase is Phase.SCORE)
    creator = nodes[0].me.address  # who is granted nothing, having made the head
    entry = next(entry for entry in relay.view().entries if entry.child and entry.trainer != creator)
    place = next(i for i, node in enumerate(nodes) if node.me.address == entry.trainer)
    nodes[place].me.journal.add_encryption_key(NEW)  # and the process dies: the chain knows nothing of it
    nodes[place] = reborn(nodes[place], tmp_path, cast.names[entry.trainer])
    play(chain, replace(cast, nodes=tuple(nodes)))
    me = nodes[place].me
    (rotated,) = relay.history.named("KeyRotated")
    assert relay.member(entry.trainer).key == me.encryption_public == rotated.values["key"]
    granted = [e for e in relay.history.named("KeyGranted") if e.values["reader"] == entry.trainer]
    assert granted[0].block < rotated.block < granted[-1].block
    again = reborn(nodes[place], tmp_path, cast.names[entry.trainer]).me
    assert all(again.baton(event.values["baton"]) is not None for event in granted)
