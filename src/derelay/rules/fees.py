"""What becomes of a deposit and of the testing fee (protocol.md, sections 4 and 5)."""

from derelay.rules.parameters import VOTE_FEES
from derelay.rules.score import UNAVAILABLE, unpack
from derelay.rules.units import SHARE_ONE
from derelay.rules.verdict import Verdict

RESERVE = 110
"""Closings that the purse keeps the money for: ten rounds of them."""


def forfeit(verdict: Verdict, deposit: int, undecided_share: int) -> int:
    """Return the part of a trainer's deposit that it loses by the verdict on its child."""
    if verdict is Verdict.PASS:
        return 0
    if verdict is Verdict.UNDECIDED:
        return deposit * undecided_share // SHARE_ONE
    return deposit


def agrees(word: int, verdict: Verdict, g_min: int) -> bool:
    """Return whether a seat is paid: whether its score agrees with the committee's verdict.

    On the same side of ``g_min`` for a child that passed or failed, "unavailable" for a missing
    one; with an undecided verdict, whoever measured agrees.
    """
    if verdict is Verdict.MISSING:
        return word == UNAVAILABLE
    seat = unpack(word)
    if seat is None:
        return False
    return verdict is Verdict.UNDECIDED or (seat.gain > g_min) == (verdict is Verdict.PASS)


def burned(forfeited: int, burned_share: int) -> int:
    """Return the part of what a verdict forfeits that nobody gets: testers may have friends."""
    return forfeited * burned_share // SHARE_ONE


def slashed(slash: int, price: int, gained: int, cap: int) -> int:
    """Return what a silent tester loses: ``slash``, and the price of the versions it was granted."""
    return slash + price * min(gained, cap)


def vote_fee(children: int, seat_fee: int, voters: int) -> int:
    """Return a voter's part of three fees for each child; what nobody gets goes to the purse."""
    return children * VOTE_FEES * seat_fee // voters


def spare(funds: int, closing_fee: int) -> int:
    """Return what of the purse's ``funds`` is more than it needs, and becomes royalty after a round."""
    return max(funds - RESERVE * closing_fee, 0)
