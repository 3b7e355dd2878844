"""The verdict on a child, from what its testers measured.

Integer arithmetic only, so that the contract can do the same, line by line: gains and standard
errors are in units of 1e-9 nat per case, division rounds towards zero (as in the EVM), square
roots are rounded down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from math import isqrt


class Verdict(IntEnum):
    """What the testers say about a child."""

    PASS = 1
    UNDECIDED = 2
    FAIL = 3
    MISSING = 4


@dataclass(frozen=True)
class Seat:
    """One tester's measurement: the paired gain over the head, and its standard error (not negative)."""

    gain: int
    se: int


@dataclass(frozen=True)
class Outcome:
    """A verdict, with the robust mean gain over the seats and its standard error."""

    verdict: Verdict
    gain: int
    se: int


def robust_gain(seats: Sequence[Seat], *, clip: int, trim: int) -> Seat:
    """Return the trimmed mean of ``seats``, each clipped to ±``clip``, and its standard error.

    Of n seats the ``trim`` lowest and the ``trim`` highest gains are left out (fewer if nothing
    would remain); whichever seats are false, f of them move the mean by no more than
    ``2 * clip * f / (n - 2 * trim)``. Of the standard errors the ``trim`` largest count as the next
    largest: ``trim`` false ones widen the interval no further than an honest one would.

    Parameters
    ----------
    seats
        At least one measurement.
    clip
        Bound on a seat's gain and on its standard error.
    trim
        Seats left out at either end.
    """
    count = len(seats)
    trim = min(trim, (count - 1) // 2)
    gains = sorted(max(-clip, min(clip, seat.gain)) for seat in seats)
    kept = gains[trim : count - trim]
    errors = sorted(min(clip, seat.se) for seat in seats)
    squares = sum(min(error, errors[count - 1 - trim]) ** 2 for error in errors)
    return Seat(_towards_zero(sum(kept), len(kept)), isqrt(squares) // count)


def verdict(
    seats: Sequence[Seat | None],
    unavailable: int = 0,
    *,
    g_min: int,
    clip: int,
    trim: int,
    z_milli: int,
) -> Outcome:
    """Judge a child by its seats.

    Parameters
    ----------
    seats
        One entry for each seat drawn; None for a seat that gave no measurement.
    unavailable
        How many of the seats without a measurement said that they could not get the child. More
        than half of all seats: the child is missing, whatever the others measured.
    g_min
        Gain that a child must show.
    clip, trim
        See `robust_gain`.
    z_milli
        Half-width of the confidence interval, in thousandths of a standard error.

    Returns
    -------
    Outcome
        Pass: at least half of the seats measured, and the interval lies above ``g_min``. Fail: it
        lies below. Undecided otherwise.
    """
    measured = [seat for seat in seats if seat is not None]
    if 2 * unavailable > len(seats):
        return Outcome(Verdict.MISSING, 0, 0)
    if not measured or 2 * len(measured) < len(seats):
        return Outcome(Verdict.UNDECIDED, 0, 0)
    mean = robust_gain(measured, clip=clip, trim=trim)
    margin = z_milli * mean.se // 1000
    if mean.gain - margin > g_min:
        return Outcome(Verdict.PASS, mean.gain, mean.se)
    if mean.gain + margin < g_min:
        return Outcome(Verdict.FAIL, mean.gain, mean.se)
    return Outcome(Verdict.UNDECIDED, mean.gain, mean.se)


def _towards_zero(numerator: int, denominator: int) -> int:
    """Divide as the EVM does; Python's ``//`` rounds down."""
    quotient = abs(numerator) // denominator
    return quotient if numerator >= 0 else -quotient
