"""Which way the relay goes, as far as a participant has seen it: by the last legs that it holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from derelay.baton.root import root_cid
from derelay.baton.tensors import State
from derelay.chain.view import View
from derelay.learn.course import course
from derelay.node.holdings import contents_of
from derelay.node.participant import Participant
from derelay.rules.verdict import Verdict

RECENT_ROUNDS = 5
"""For how many rounds a leg says where its holder's data want the model to go."""
MOST_LEGS = 16
"""Legs that are followed at most, the newest."""
LOOKED_BACK = 12
"""Verdicts on a trainer, the last, by which its failed legs are taken for honest or not."""
LEAST_PASSED = 0.3


@dataclass(frozen=True)
class Leg:
    """A trainer's newest leg that one holds: the child, its round, and whether to be guided by it."""

    child: bytes
    round: int
    is_guide: bool


def bearings(me: Participant, view: View) -> State | None:
    """Return the mean change by the newest legs that one holds, of trainers who do not train in this round.

    Together with the legs of those who do, each holder's data have a say in each round then, whoever was
    admitted to it. What a skewed holder's leg does to others' data makes it fail now and then: it is a guide
    nevertheless, if enough of its trainer's last children passed. Only what is in one's own store counts, so
    that a node that is started again finds the same.
    """
    training = {entry.trainer for entry in view.entries if entry.admitted}
    others = {
        trainer: leg for trainer, leg in recent_legs(me, view.round.number).items() if trainer not in training
    }
    guides = {trainer: leg for trainer, leg in others.items() if leg.is_guide}
    return course(_ends(me, view, guides or others))  # at first everything may fail


def recent_legs(me: Participant, number: int) -> dict[str, Leg]:
    """Return the newest leg that one holds of each trainer, of the last rounds before ``number``."""
    verdicts: defaultdict[str, list[Verdict]] = defaultdict(list)
    newest: dict[str, Leg] = {}
    for event in me.relay.history.named("Judged"):
        values = event.values
        if values["verdict"] in (0, Verdict.MISSING):  # nobody measured it
            continue
        verdict = Verdict(values["verdict"])
        verdicts[values["trainer"]].append(verdict)
        if number - RECENT_ROUNDS <= values["round"] < number and _is_here(me, values["id"]):
            passed = verdicts[values["trainer"]][-LOOKED_BACK:]
            is_guide = verdict is not Verdict.FAIL or passed.count(Verdict.PASS) >= LEAST_PASSED * len(passed)
            newest[values["trainer"]] = Leg(values["id"], values["round"], is_guide)
    by_age = sorted(newest.items(), key=lambda item: (-item[1].round, item[0]))
    return dict(by_age[:MOST_LEGS])


def _ends(me: Participant, view: View, legs: Mapping[str, Leg]) -> Iterator[tuple[State, State]]:
    """Yield what each leg began with, and what it made of that."""
    for trainer in sorted(legs):  # sums of floats depend on their order
        child = me.baton(legs[trainer].child)
        head = None if child is None or not child.manifest.parents else child.manifest.parents[0]
        if child is not None and head is not None and _is_here(me, head):
            base = me.baton(head)
            if base is not None:
                yield base.tensors, child.tensors
        me.forget_all_but({view.head.id})


def _is_here(me: Participant, baton: bytes) -> bool:
    return any(me.store.has(root_cid(content)) for content in contents_of(me, baton))
