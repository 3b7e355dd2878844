"""Keeping the rounds going: close windows, work off steps. Anyone may; maintainers take turns."""

from __future__ import annotations

from hashlib import sha256

from derelay.chain.view import View
from derelay.node.participant import Participant
from derelay.rules.parameters import Parameters
from derelay.rules.phases import Phase

MOST_GAS = 8_000_000
"""Of one call: less than the protocol promises, so that it fits into any chain's blocks."""
CALL_GAS = 500_000
"""Of a call besides the items that it works off."""
ITEM_GAS = 200_000
"""Of an entry to be admitted, a tester to be drawn or settled, a child to be judged (`benchmarks/gas.py`)."""
SEAT_GAS = 45_000
"""More for each seat of a child that is judged."""
ELECTION_GAS = 4_000_000
TURN_SECONDS = 15
"""How long each of those who may act is waited for before the next one does, but see `turn_seconds`."""


def is_due(view: View) -> bool:
    """Return whether the next block may close the window or advance the step."""
    if view.closes_at is not None:
        at, height = view.closes_at
        return view.now >= at and view.height + 1 >= height
    waits = view.phase is Phase.ADMIT or (
        view.phase is Phase.DRAW and view.round.disclosed < view.round.children
    )
    return not waits or view.height >= view.round.pivot


def keep_going(me: Participant, view: View) -> bool:
    """Close or advance if it is due and one's turn; return whether anything was sent."""
    maintainers = me.relay.registry.read("maintainer_count")
    place = me.relay.member(me.address).place
    if not place or not is_due(view) or not is_my_turn(view, maintainers, place - 1):
        return False
    if view.phase is Phase.REST and maintainers < view.parameters.min_seats:
        return False
    if view.closes_at is not None:
        return me.act(f"close {view.phase.name}", me.relay.rounds, "close", gas=CALL_GAS)
    action = f"advance {view.phase.name} from {view.round.cursor} at {view.round.pivot}"
    return me.act(action, me.relay.rounds, "advance", items(view.phase, view.parameters), gas=MOST_GAS)


def items(phase: Phase, parameters: Parameters) -> int:
    """Return how many items of a step one call surely works off, whatever these are."""
    fixed = CALL_GAS + (ELECTION_GAS if phase is Phase.SETTLE else 0)
    each = ITEM_GAS + (SEAT_GAS * parameters.seats if phase is Phase.JUDGE else 0)
    return (MOST_GAS - fixed) // each


def is_my_turn(view: View, among: int, mine: int) -> bool:
    """Return whether one of ``among`` should act: a different one first each time, then the next, and so on.

    Parameters
    ----------
    mine
        One's place among them, from zero.
    """
    what = f"{view.round.number} {view.phase.name} {view.round.cursor}"
    first = int.from_bytes(sha256(what.encode()).digest()[:8], "big") % among
    since = view.closes_at[0] if view.closes_at is not None else view.round.opened_at
    return (mine - first) % among <= max(0, view.now - since) // turn_seconds(view.parameters)


def turn_seconds(parameters: Parameters) -> int:
    """Return how long a turn is: where windows are short, some who are dead must not cost more than one."""
    return max(1, min(TURN_SECONDS, max(parameters.window_seconds) // 4))
