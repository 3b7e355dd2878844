"""The duty of a trainer: enter, train the head, commit to the child, disclose the secret, hand it in."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from operator import itemgetter

import torch

from derelay.baton.errors import BatonError
from derelay.baton.tensors import State
from derelay.chain.view import Entry, View
from derelay.learn.compression import lightest
from derelay.node.bearings import bearings
from derelay.node.participant import Participant
from derelay.node.stake import is_handed_in
from derelay.node.strategy import Leg
from derelay.rules.phases import Phase
from derelay.rules.resting import Resting
from derelay.rules.units import NANO, SHARE_ONE
from derelay.rules.verdict import Verdict

ENTER_GAS = 400_000
COMMIT_GAS = 300_000
HAND_IN_GAS = 250_000
GRANT_GAS = 60_000


def train(me: Participant, view: View) -> bool:
    """Do what is due; return whether anything was sent."""
    if view.phase is Phase.ENTER:
        return _enter(me, view)
    entry = view.entry_of(me.address)
    if entry is None or not entry.admitted:
        return False
    if view.phase is Phase.TRAIN and not entry.child:
        return _commit(me, view)
    if view.phase is Phase.DISCLOSE and entry.child and not entry.has_disclosed:
        return _disclose(me, view)
    if view.phase is Phase.SEAL and entry.child and not is_handed_in(view, entry):
        return _hand_in(me, view, entry)
    return False


def _enter(me: Participant, view: View) -> bool:
    if view.entry_of(me.address) or not me.relay.registry.read("may_enter", me.address):
        return False
    if view.round.maintainers <= view.parameters.min_seats and me.relay.member(me.address).place:
        return False  # needed as a tester
    if not me.strategy.enters(view.round.number, _resting(me)):
        return False
    secret = me.journal.remember(view.round.number, "secret", lambda: me.entropy(32))
    return me.act(
        "enter",
        me.relay.rounds,
        "enter",
        me.context().to_secret(secret),
        value=sum(me.relay.price_of(me.address)),
        gas=ENTER_GAS,
    )


def _resting(me: Participant) -> Resting:
    resting = Resting()
    judged = [event.values for event in me.relay.history.named("Judged") if event.values["verdict"]]
    for number, verdicts in groupby(judged, itemgetter("round")):
        found = {values["trainer"]: Verdict(values["verdict"]) for values in verdicts}
        resting = resting.after(number, found.get(me.address), Counter(found.values()))
    return resting


def _commit(me: Participant, view: View) -> bool:
    number = view.round.number
    child = me.journal.fact(number, "child")
    if child is None:
        head = me.baton(view.head.id)
        if head is None:
            if view.is_second_half and me.relay.holds(view.head.id, me.address):
                return me.act("ask", me.relay.rounds, "ask", view.head.id, gas=COMMIT_GAS)
            return False
        seed = me.journal.remember(number, "training seed", lambda: me.entropy(7))
        generator = torch.Generator().manual_seed(int.from_bytes(seed, "big"))
        task = me.task.following(bearings(me, view)) if me.task.course_weight else me.task
        with me.stopwatch.measure("training"):
            leg = me.strategy.leg(task, head.tensors, me.share, generator)
        me.note_leg(leg.steps)
        child = me.journal.remember(number, "child", lambda: _child(me, view, head.tensors, leg))
    if not child:
        return False
    salt = me.journal.remember(number, "child's salt", lambda: me.entropy(32))
    commitment = me.context().to_child(child, salt)
    return me.act("commit", me.relay.rounds, "commit", commitment, gas=COMMIT_GAS)


def _child(me: Participant, view: View, head: State, leg: Leg) -> bytes:
    """Return the id of the child, sealed and in the store; empty if there is none to hand in."""
    if leg.child is None:
        return b""
    step, clip = view.parameters.step / SHARE_ONE, view.parameters.clip / NANO
    sent = lightest(me.task, head, leg.child, me.share.held_out, step=step, clip=clip)
    try:
        baton = me.make(sent.settled, [view.head.id], view.head.version + 1)
    except BatonError as error:
        me.log.warning("round %d: the child cannot be handed in: %s", view.round.number, error)
        return b""
    key = me.journal.remember(view.round.number, "child's key", lambda: me.entropy(32))
    me.shelve(baton, key, sent.form(view.head.id))
    return baton.id


def _disclose(me: Participant, view: View) -> bool:
    secret = me.journal.fact(view.round.number, "secret")
    if secret is None:
        return False
    return me.act("disclose", me.relay.rounds, "disclose", secret, gas=COMMIT_GAS)


def _hand_in(me: Participant, view: View, entry: Entry) -> bool:
    child = me.journal.fact(view.round.number, "child")
    salt = me.journal.fact(view.round.number, "child's salt")
    if not child or salt is None or not entry.has_disclosed:
        return False
    testers = view.testers_of(entry.child - 1)
    content, keys = me.sealed_for(child, testers)
    gas = HAND_IN_GAS + GRANT_GAS * len(testers)
    return me.act("hand in", me.relay.rounds, "hand_in", child, content, salt, keys, gas=gas)
