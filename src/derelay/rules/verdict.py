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

from derelay.rules.units import SHARE_ONE


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

    Of n seats the k lowest and the k highest gains are left out, k being the share ``trim`` of n,
    rounded up, but at most what leaves one or two. As long as no more than k seats are false, the
    mean lies within the honest ones; whichever are, f of them move it by no more than
    ``2 * clip * f / (n - 2 * k)``. Of the standard errors the k largest count as the next largest.

    Parameters
    ----------
    seats
        At least one measurement.
    clip
        Bound on a seat's gain and on its standard error.
    trim
        Share of the seats left out at either end, in parts of `SHARE_ONE`.
    """
    count = len(seats)
    out = dropped(count, trim)
    gains = sorted(max(-clip, min(clip, seat.gain)) for seat in seats)
    kept = gains[out : count - out]
    errors = sorted(min(clip, seat.se) for seat in seats)
    squares = sum(min(error, errors[count - 1 - out]) ** 2 for error in errors)
    return Seat(_towards_zero(sum(kept), len(kept)), isqrt(squares) // count)


def dropped(count: int, trim: int) -> int:
    """Return how many of ``count`` seats are left out at either end."""
    return min(-(-count * trim // SHARE_ONE), (count - 1) // 2)


def lower_end(gain: Seat, z_milli: int) -> int:
    """Return a gain less ``z_milli`` thousandths of its standard error."""
    return gain.gain - z_milli * gain.se // 1000


def verdict(
    seats: Sequence[Seat | None],
    unavailable: int = 0,
    *,
    g_min: int,
    clip: int,
    trim: int,
    z_pass: int,
    z_fail: int,
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
    z_pass, z_fail
        How sure a pass and a fail must be, in thousandths of a standard error. A wrong fail takes a
        deposit, a wrong pass returns one: they may differ.

    Returns
    -------
    Outcome
        Pass: at least half of the seats measured, and the gain less ``z_pass`` errors is above
        ``g_min``. Fail: the gain and ``z_fail`` errors are below. Undecided otherwise.
    """
    measured = [seat for seat in seats if seat is not None]
    if 2 * unavailable > len(seats):
        return Outcome(Verdict.MISSING, 0, 0)
    if not measured or 2 * len(measured) < len(seats):
        return Outcome(Verdict.UNDECIDED, 0, 0)
    mean = robust_gain(measured, clip=clip, trim=trim)
    if lower_end(mean, z_pass) > g_min:
        return Outcome(Verdict.PASS, mean.gain, mean.se)
    if mean.gain + z_fail * mean.se // 1000 < g_min:
        return Outcome(Verdict.FAIL, mean.gain, mean.se)
    return Outcome(Verdict.UNDECIDED, mean.gain, mean.se)


def _towards_zero(numerator: int, denominator: int) -> int:
    """Divide as the EVM does; Python's ``//`` rounds down."""
    quotient = abs(numerator) // denominator
    return quotient if numerator >= 0 else -quotient
