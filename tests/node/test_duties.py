"""Single duties, on the real contracts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from derelay.baton.tensors import State
from derelay.learn.loading import load_task
from derelay.learn.task import Task, TaskError
from derelay.local.clock import pass_time
from derelay.node.closer import TURN_SECONDS, is_my_turn, turn_seconds
from derelay.node.node import Node
from derelay.node.participant import MAX_TRIES
from derelay.node.strategy import Honest, Leg
from derelay.node.trainer import COMMIT_GAS
from derelay.rules.parameters import OPEN
from derelay.rules.phases import Phase
from derelay.rules.verdict import Verdict
from small_relay import begin, play


class Diverging(Honest):
    """Trains until nothing is finite."""

    def leg(self, task: Task, head: State, share: Any, generator: torch.Generator) -> Leg:
        return Leg({name: tensor * float("nan") for name, tensor in head.items()}, task.steps)


def test_a_child_that_is_not_finite_is_not_handed_in_and_nobody_else_is_harmed(tmp_path: Path) -> None:
    chain, cast = begin(tmp_path)
    cast.nodes[1].me.strategy = Diverging()
    play(chain, cast)
    history = cast.relay.history
    mine = {verdict for _, verdict in history.verdicts(cast.nodes[1].me.address)}
    assert mine == {Verdict.MISSING}
    for node in cast.nodes[2:]:
        assert Verdict.MISSING not in {verdict for _, verdict in history.verdicts(node.me.address)}
    assert cast.relay.view().head.version == 2


def test_testers_pass_on_the_key_that_one_of_them_was_not_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain, cast = begin(tmp_path)
    trainer = cast.nodes[1].me
    honest = trainer.sealed_for

    def spoiled(id: bytes, readers: list[Any], **form: bool) -> tuple[bytes, list[bytes]]:
        content, keys = honest(id, readers, **form)
        return content, [bytes(80), *keys[1:]] if trainer.relay.view().phase is Phase.SEAL else keys

    monkeypatch.setattr(trainer, "sealed_for", spoiled)
    play(chain, cast)
    events = cast.relay.history.named("KeyWanted")
    children = {event.values["id"] for event in cast.relay.history.named("HandedIn")}
    asked = [event.values for event in events if event.values["baton"] in children]
    assert asked
    for values in asked:
        assert not cast.relay.history.is_wanted(values["baton"], values["reader"])
        reader = next(node.me for node in cast.nodes if node.me.address == values["reader"])
        assert reader.baton(values["baton"]) is not None
    verdicts = [verdict for _, verdict in cast.relay.history.verdicts(trainer.address)]
    assert verdicts
    assert Verdict.MISSING not in verdicts


def test_a_slashed_maintainer_restores_its_bond_and_maintains_again(tmp_path: Path) -> None:
    chain, cast = begin(tmp_path)
    relay = cast.relay
    play(chain, cast, lambda relay: relay.view().phase is Phase.SCORE)
    gone = relay.view().deck[0].tester
    while not relay.history.named("Slashed"):
        if any([node.step() for node in cast.nodes if node.me.address != gone]):
            chain.mine()
        else:
            pass_time(chain, relay.view())
    assert relay.member(gone).place == 0
    play(chain, cast)
    member = relay.member(gone)
    assert member.bond == relay.maintainer_bond
    assert member.place > 0


def test_a_node_refuses_a_relay_of_another_task(tmp_path: Path) -> None:
    _, cast = begin(tmp_path)
    other = replace(cast.nodes[0].me, task=load_task("text"))
    with pytest.raises(TaskError, match="'text' here has the hash"):
        Node(other)


def test_what_failed_in_another_phase_is_tried_again_in_its_own(tmp_path: Path) -> None:
    chain, cast = begin(tmp_path)
    play(chain, cast, lambda relay: relay.view().phase is Phase.ENTER)
    for node in cast.nodes:
        for _ in range(MAX_TRIES + 1):  # as if a reorganization had brought them here
            node.me.look()
            node.me.act("commit", node.me.relay.rounds, "commit", bytes(32), gas=COMMIT_GAS)
            chain.mine()
    relay = cast.relay
    play(chain, cast, lambda relay: relay.view().phase is Phase.DISCLOSE)
    assert relay.view().round.number == 1
    assert relay.view().round.children == relay.view().round.admitted


def test_whoever_is_due_acts_alone_and_the_next_one_later(tmp_path: Path) -> None:
    chain, cast = begin(tmp_path)
    play(chain, cast, lambda relay: relay.view().phase is Phase.ENTER)
    view = cast.relay.view()
    assert view.closes_at is not None
    for late in range(7):
        later = replace(view, now=view.closes_at[0] + late * TURN_SECONDS)
        assert sum(is_my_turn(later, 7, mine) for mine in range(7)) == late + 1


def test_where_windows_are_short_so_are_turns() -> None:
    assert turn_seconds(OPEN) == TURN_SECONDS
    assert turn_seconds(replace(OPEN, window_seconds=(2, 2, 12, 2, 3, 4, 2, 5))) == 3
    assert turn_seconds(replace(OPEN, window_seconds=(1,) * 8)) == 1
