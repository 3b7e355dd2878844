"""What becomes of a deposit and of the testing fee (protocol.md, sections 4 and 5)."""

from derelay.rules.parameters import SHARE_ONE
from derelay.rules.score import UNAVAILABLE, unpack
from derelay.rules.verdict import Verdict


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
