"""What participants know of the course of their relay."""

from pathlib import Path

import torch
from torch import nn

from derelay.baton.tensors import State
from derelay.learn import Cases, Supervised, load_task
from derelay.learn.course import course
from derelay.node.bearings import bearings
from derelay.node.participant import Participant
from derelay.rules.verdict import Verdict
from small_relay import begin, play


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
    for _ in range(2):  # the legs of both rounds are recent in the next
        chain.mine()
    view = relay.view()
    judged = [event.values for event in relay.history.named("Judged")]
    good = [v for v in judged if v["verdict"] in (Verdict.PASS, Verdict.UNDECIDED)]
    newest = {values["trainer"]: values["id"] for values in good if values["round"] == view.round.number - 1}
    for node in cast.nodes:
        me = node.me
        known = [id for _, id in sorted(newest.items()) if relay.history.has(id, me.address)]
        pairs = [(child, me.baton(child.manifest.parents[0])) for id in known if (child := me.baton(id))]
        expected = course((head.tensors, child.tensors) for child, head in pairs if head is not None)
        found = bearings(me, view)
        assert (found is None) == (expected is None)
        if found is not None and expected is not None:
            assert same(found, expected)
            again = bearings(restarted(me), view)
            assert again is not None
            assert same(found, again)
    assert any(bearings(node.me, view) is not None for node in cast.nodes)


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
