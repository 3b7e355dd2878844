"""Why a node waits, in words: what has to happen before it has something to do."""

from __future__ import annotations

from derelay.chain.view import Entry, View
from derelay.node.closer import is_due
from derelay.node.node import Node
from derelay.node.participant import Participant
from derelay.node.stake import is_handed_in
from derelay.rules.phases import Phase


def waits_for(node: Node, view: View) -> str:
    """Return what a node waits for, having done what was due."""
    me = node.me
    member = me.relay.member(me.address)
    if not any(member.key):
        return "its registration to be in a block"
    maintainers = me.relay.registry.read("maintainer_count")
    if view.phase is Phase.REST and maintainers < view.parameters.min_seats:
        return f"maintainers: {maintainers} of {view.parameters.min_seats} are there"
    if is_due(view):
        what = "closed" if view.closes_at is not None else "worked off"
        return f"{view.phase.name} to be {what}: maintainers take turns"
    return _own(me, view) or _others(view)


def _own(me: Participant, view: View) -> str | None:
    """Return what it waits for as a trainer or tester of this round; None if it is neither."""
    if view.phase is Phase.REST:
        return None
    entry = view.entry_of(me.address)
    if entry is not None and (entry.admitted or view.phase in (Phase.ENTER, Phase.ADMIT)):
        return _as_trainer(me, view, entry)
    place = view.card_of(me.address)
    if place is None:
        return None
    card = view.deck[place]
    return {
        Phase.SEAL: "children to be handed in: it tests in this round",
        Phase.SCORE: "the other testers: its scores are in" if card.scored else "children and keys to test",
        Phase.REVEAL: "the other testers: its scores are open"
        if card.revealed
        else "its scores to be opened",
        Phase.POOL: "the other voters: it has voted" if card.voted else "keys to the children of the pool",
    }.get(view.phase)


def _as_trainer(me: Participant, view: View, entry: Entry) -> str | None:
    if view.phase is Phase.ENTER:
        return "the others to enter: it has entered"
    if view.phase is Phase.ADMIT:
        return "places to be drawn: it has entered"
    if view.phase is Phase.TRAIN:
        if entry.child:
            return "the other trainers: its child is committed to"
        if me.relay.holds(view.head.id, me.address):
            return "the head's blocks" if me.key(view.head.id) is None else "its child to be in a block"
        return f"the key to the head, from {view.server_of(entry)[:10]}"
    if not entry.child:
        return "the next round: it handed in nothing"
    if view.phase is Phase.DISCLOSE:
        return "the other trainers: its secret is open" if entry.has_disclosed else "its secret to be open"
    if view.phase is Phase.SEAL and not is_handed_in(view, entry):
        return "its child to be handed in"
    return "the testers: its child is handed in"


def _others(view: View) -> str:
    return {
        Phase.REST: "the next round",
        Phase.ENTER: "others to enter",
        Phase.TRAIN: "the trainers",
        Phase.DISCLOSE: "the trainers' secrets",
        Phase.SEAL: "children to be handed in",
        Phase.SCORE: "the testers",
        Phase.REVEAL: "the testers' scores",
        Phase.POOL: "the voters",
    }.get(view.phase, f"block {view.round.pivot}, by which it is drawn")
