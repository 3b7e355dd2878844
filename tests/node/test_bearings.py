"""What participants know of the course of their relay."""

from functools import partial
from pathlib import Path

import torch
from torch import nn

from derelay.baton.tensors import State
from derelay.chain.relay import Relay
from derelay.learn import Cases, Supervised, load_task
from derelay.learn.course import course
from derelay.local.clock import pass_time
from derelay.node.bearings import bearings, recent_legs
from derelay.node.holdings import blocks_of, contents_of
from derelay.node.participant import Participant
from derelay.node.upkeep import KEPT_ROUNDS, Sweeper
from derelay.rules.phases import Phase
from derelay.rules.verdict import Verdict
from small_relay import ROUNDS, begin, play


class Followers(Supervised):
    """Digits by logistic regression, every leg on the course of the others."""

    name = "followers"
    classes = 10
    steps = 5
    course_weight = 0.8

    def network(self) -> nn.Module:
        return nn.Sequential(nn.Flatten(), nn.Linear(64, self.classes))

    def cases(self) -> tuple[Cases, Cases]:
        return load_task("digits").cases()


def same(a: State, b: State) -> bool:
    return all(torch.equal(a[name], b[name]) for name in a)


def test_a_participant_knows_the_course_of_the_legs_it_trained_or_tested_also_after_a_restart(
    tmp_path: Path,
) -> None:
    chain, cast = begin(tmp_path, task=Followers())
    play(chain, cast)
    relay = cast.relay
    while not (relay.view().phase is Phase.TRAIN and relay.view().round.number == ROUNDS + 1):
        if any([node.step() for node in cast.nodes if relay.view().phase is not Phase.TRAIN]):
            chain.mine()
        else:
            pass_time(chain, relay.view())
    view = relay.view()
    training = {entry.trainer for entry in view.entries if entry.admitted}
    assert training
    judged = [event.values for event in relay.history.named("Judged") if event.values["verdict"]]
    has_passed = {values["trainer"] for values in judged if values["verdict"] == Verdict.PASS}
    for node in cast.nodes:
        me = node.me
        held = {v["trainer"]: v for v in judged if relay.history.has(v["id"], me.address)}
        others = {trainer: v for trainer, v in held.items() if trainer not in training}
        guides = {t: v for t, v in others.items() if v["verdict"] != Verdict.FAIL or t in has_passed}
        children = [me.baton(v["id"]) for _, v in sorted((guides or others).items())]
        pairs = [(child, me.baton(child.manifest.parents[0])) for child in children if child is not None]
        expected = course((head.tensors, child.tensors) for child, head in pairs if head is not None)
        found = bearings(me, view)
        assert (found is None) == (expected is None)
        if found is not None and expected is not None:
            assert same(found, expected)
            again = bearings(restarted(me), view)
            assert again is not None
            assert same(found, again)
    assert any(bearings(node.me, view) is not None for node in cast.nodes)


def test_legs_that_guide_outlast_other_children_of_past_rounds(tmp_path: Path) -> None:
    chain, cast = begin(tmp_path, task=Followers())
    me = cast.nodes[2].me
    sweeper = Sweeper(me)
    for number in range(1, KEPT_ROUNDS + 3):
        play(chain, cast, partial(ended, number))
        sweeper(me.look())
    view = me.look()
    legs = recent_legs(me, view.round.number)
    assert min(leg.round for leg in legs.values()) < view.round.number - KEPT_ROUNDS
    assert all(me.baton(leg.child) for leg in legs.values())
    replaced = [
        event.values
        for event in cast.relay.history.named("Judged")
        if event.values["round"] == 1 and event.values["id"] not in {leg.child for leg in legs.values()}
    ]
    heads = {event.values["id"] for event in cast.relay.history.named("HeadChanged")}
    gone = [values["id"] for values in replaced if values["id"] not in heads]
    assert gone
    assert not any(blocks_of(me, content) for id in gone for content in contents_of(me, id))


def ended(number: int, relay: Relay) -> bool:
    return relay.view().phase is Phase.REST and relay.view().round.number >= number


def restarted(me: Participant) -> Participant:
    return Participant(
        me.relay,
        me.wallet,
        me.task,
        me.share,
        me.strategy,
        me.store,
        me.peers,
        me.url,
        me.journal,
        me.entropy,
    )
