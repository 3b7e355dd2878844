"""Which way the relay goes, as far as a participant has seen it: by the last legs that it holds."""

from __future__ import annotations

from collections.abc import Iterator

from derelay.baton.root import root_cid
from derelay.baton.tensors import State
from derelay.chain.view import View
from derelay.learn.course import course
from derelay.node.participant import Participant
from derelay.node.upkeep import KEPT_ROUNDS, contents_of
from derelay.rules.verdict import Verdict


def bearings(me: Participant, view: View) -> State | None:
    """Return the mean change by the newest leg of each trainer, of those that one trained or tested.

    What failed is a guide only where nothing else is known: where all hold other classes than their testers,
    at first everything fails. Only what is in one's own store counts, so that a node that is started again
    finds the same.
    """
    for verdicts in ((Verdict.PASS, Verdict.UNDECIDED), (Verdict.FAIL,)):
        found = course(_legs(me, view, verdicts))
        if found is not None:
            return found
    return None


def _legs(me: Participant, view: View, verdicts: tuple[Verdict, ...]) -> Iterator[tuple[State, State]]:
    newest: dict[str, bytes] = {}
    for event in me.relay.history.named("Judged"):
        recent = view.round.number - KEPT_ROUNDS <= event.values["round"] < view.round.number
        if recent and event.values["verdict"] in verdicts:
            newest[event.values["trainer"]] = event.values["id"]
    for trainer in sorted(newest):  # sums of floats depend on their order
        child = me.baton(newest[trainer]) if _is_here(me, newest[trainer]) else None
        head = None if child is None or not child.manifest.parents else child.manifest.parents[0]
        if child is not None and head is not None and _is_here(me, head):
            base = me.baton(head)
            if base is not None:
                yield base.tensors, child.tensors
        me.forget_all_but({view.head.id})


def _is_here(me: Participant, baton: bytes) -> bool:
    return any(me.store.has(root_cid(content)) for content in contents_of(me, baton))
