"""What a participant loses if its node stays away."""

from __future__ import annotations

from derelay.chain.view import Entry, View
from derelay.node.participant import Participant
from derelay.rules.phases import Phase


def at_stake(me: Participant, view: View) -> str | None:
    """Return what a participant still owes to this round, and what it loses otherwise; None for nothing."""
    number, phase = view.round.number, view.phase
    entry = view.entry_of(me.address)
    if entry is not None and Phase.TRAIN <= phase <= Phase.SEAL and entry.admitted:
        is_out = phase > Phase.TRAIN and not entry.child
        if not is_handed_in(view, entry) and not is_out and me.relay.holds(view.head.id, me.address):
            return f"its deposit, unless it hands in its child in round {number}"
    place = view.card_of(me.address)
    if place is None or not Phase.DRAW <= phase <= Phase.POOL:
        return None
    card = view.deck[place]
    if not card.revealed and phase <= Phase.REVEAL and (card.scored or phase <= Phase.SCORE):
        return f"part of its bond, unless it tests in round {number}"
    if not card.voted and place < len(view.voters):
        return f"part of its bond, unless it votes in round {number}"
    return None


def is_handed_in(view: View, entry: Entry) -> bool:
    """Return whether the child of an entry is handed in.

    Anvil, asked for the newest block while it makes the next, may tell of an entry what it does not yet tell
    of the children; so one that is not there counts as not handed in.
    """
    return 0 < entry.child <= len(view.children) and view.children[entry.child - 1].is_handed_in
