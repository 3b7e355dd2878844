"""What others do wrong, on purpose or not, and honest nodes live with."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import small_relay
from derelay.baton.baton import Baton
from derelay.baton.keys import SEALED_KEY_BYTES
from derelay.baton.tensors import State
from derelay.chain.relay import Relay
from derelay.learn.task import Task
from derelay.learn.tasks.digits import Digits
from derelay.local.measured import MeasuredChain
from derelay.node import closer
from derelay.node.node import Node
from derelay.node.strategy import Honest, Leg
from derelay.rules.parameters import OPEN
from derelay.rules.phases import Candidate, Phase
from derelay.rules.score import UNAVAILABLE
from derelay.rules.verdict import Verdict
from small_relay import begin, play

HUGE = 3e38
"""A float32 that is finite, and twice which is not."""


class Altered(Honest):
    """Trains honestly, and changes some weights of the child."""

    def __init__(self, change: Callable[[str, Tensor], Tensor]) -> None:
        object.__setattr__(self, "_change", change)

    def leg(self, task: Task, head: State, share: Any, generator: torch.Generator) -> Leg:
        leg = super().leg(task, head, share, generator)
        return Leg({name: self._change(name, tensor) for name, tensor in leg.child.items()}, leg.steps)


class Spare(Digits):
    """Digits, with a weight that changes nothing."""

    def network(self) -> nn.Module:
        network = super().network()
        network.register_parameter("spare", nn.Parameter(torch.zeros(1)))
        return network


def keep_keys(node: Node, kept: Callable[[bytes], bool]) -> None:
    """Let a node grant zeros in the place of some batons' keys."""
    honest = node.me.sealed_for

    def sealed_for(id: bytes, readers: list[Any], **form: bool) -> tuple[bytes, list[bytes]]:
        content, keys = honest(id, readers, **form)
        return content, [bytes(SEALED_KEY_BYTES)] * len(keys) if kept(id) else keys

    node.me.sealed_for = sealed_for


def values(relay: Relay, name: str) -> list[dict[str, Any]]:
    return [event.values for event in relay.history.named(name)]


def failures(chain: MeasuredChain) -> list[tuple[str, str]]:
    receipts = [(name, chain.receipt(transaction)) for name, transaction in chain.transactions]
    return [(name, receipt.reason) for name, receipt in receipts if not receipt.ok]


def test_weights_beyond_all_measure_fail_and_stop_no_tester(tmp_path: Path) -> None:
    chain, cast = begin(tmp_path)
    cheat = cast.nodes[1].me
    cheat.strategy = Altered(lambda name, tensor: torch.full_like(tensor, HUGE))
    play(chain, cast)
    assert {verdict for _, verdict in cast.relay.history.verdicts(cheat.address)} == {Verdict.FAIL}
    assert cast.relay.view().head.version == 2


def test_children_that_add_up_to_nothing_finite_leave_the_best_of_them(tmp_path: Path) -> None:
    chain, cast = begin(tmp_path, task=Spare())
    for node in cast.nodes:
        node.me.strategy = Altered(lambda name, tensor: tensor + HUGE if name == "spare" else tensor)
    play(chain, cast, lambda relay: bool(relay.history.named("HeadChanged")))
    assert len(cast.relay.view().pool) > 1
    assert values(cast.relay, "HeadChanged")[0]["candidate"] == Candidate.BEST


def test_a_key_that_nothing_can_be_sealed_to_harms_its_owner_alone(tmp_path: Path) -> None:
    chain, cast = begin(tmp_path)
    odd = cast.nodes[2].me
    odd.encryption_public = (1).to_bytes(32, "little")  # of low order: no secret can be agreed on with it
    play(chain, cast)
    others = [node.me.address for node in cast.nodes if node.me is not odd]
    verdicts = {verdict for who in others for _, verdict in cast.relay.history.verdicts(who)}
    assert Verdict.PASS in verdicts
    assert Verdict.MISSING not in verdicts
    assert failures(chain) == []


def test_nobody_grants_what_the_contract_refuses_while_a_round_settles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # as with very many testers: blocks between the first and the last
    monkeypatch.setattr(closer, "items", lambda phase, parameters: 1)
    monkeypatch.setattr(small_relay, "PARAMETERS", replace(OPEN, seats=2, min_seats=2, voters=2))
    chain, cast = begin(tmp_path, task=Spare())
    for node in cast.nodes:
        node.trains = node in cast.nodes[:3]
        node.me.strategy = Altered(lambda name, tensor: tensor + HUGE if name == "spare" else tensor)
    play(chain, cast)
    assert (
        values(cast.relay, "HeadChanged")[0]["candidate"] == Candidate.BEST
    )  # which its owner holds at once
    assert failures(chain) == []


def test_testers_get_from_another_the_head_that_its_owner_gives_no_key_of(tmp_path: Path) -> None:
    chain, cast = begin(tmp_path)
    relay = cast.relay
    keep_keys(cast.nodes[0], lambda id: id == relay.view().head.id and relay.view().phase >= Phase.SEAL)
    play(chain, cast, lambda relay: relay.view().phase is Phase.JUDGE)
    assert relay.view().owners == (cast.nodes[0].me.address,)
    assert values(relay, "KeyWanted")
    words = {word for event in values(relay, "ScoresRevealed") for word in event["scores"]}
    assert words
    assert UNAVAILABLE not in words


def test_voters_get_from_another_the_child_that_its_trainer_gives_no_key_of(tmp_path: Path) -> None:
    chain, cast = begin(tmp_path)
    relay = cast.relay
    for node in cast.nodes[3:]:
        node.trains = False  # so that not all who vote have tested all children
    for node in cast.nodes[:3]:
        keep_keys(node, lambda id: relay.view().phase is Phase.POOL and id != relay.view().head.id)
    play(chain, cast, lambda relay: relay.view().phase is Phase.SETTLE)
    assert values(relay, "KeyWanted")
    votes = values(relay, "Voted")
    assert votes
    assert all(any(vote["pool"]) for vote in votes)


def test_keys_that_open_nothing_do_not_fill_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    chain, cast = begin(tmp_path)
    keep_keys(cast.nodes[0], lambda id: True)
    with caplog.at_level(logging.WARNING):
        play(chain, cast, lambda relay: relay.view().phase is Phase.JUDGE)
    said = [record for record in caplog.records if "sealed key does not open" in record.getMessage()]
    assert 0 < len(said) <= len(values(cast.relay, "KeyGranted"))


def test_a_child_that_names_another_task_is_missing(tmp_path: Path) -> None:
    chain, cast = begin(tmp_path)
    for node in cast.nodes[2:]:
        node.trains = False  # so that the cheat finds a place
    cheat = cast.nodes[1].me
    cheat.make = lambda state, parents, version: Baton.build(
        state, task="other", task_hash=bytes(32), parents=parents, version=version
    )
    play(chain, cast)
    assert {verdict for _, verdict in cast.relay.history.verdicts(cheat.address)} == {Verdict.MISSING}


def test_what_a_participant_is_shown_as_holds_no_keys(tmp_path: Path) -> None:
    chain, cast = begin(tmp_path)
    play(chain, cast, lambda relay: relay.view().phase is Phase.REVEAL)
    for me in (node.me for node in cast.nodes):
        known = [
            me.key(id) for id in (cast.relay.view().head.id, *(c.id for c in cast.relay.view().children))
        ]
        assert any(known)
        for key, _ in filter(None, known):
            assert repr(key) not in repr(me)
