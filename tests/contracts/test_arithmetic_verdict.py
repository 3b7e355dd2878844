"""The verdict of the compiled contract against real-number arithmetic.

`Reference` is written from docs/explanation/protocol.md, not from `derelay.rules`: rational numbers,
and square roots to 80 digits. The bands are derived in docs/explanation/arithmetic.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from math import ceil, trunc

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

PASSED, UNDECIDED, FAILED, MISSING = 1, 2, 3, 4
DIGITS = Context(prec=80)
MAX_SEATS = 32
MAX_CLIP = 10**12

Measured = tuple[int, int]
"""A gain and its standard error, in 1e-9 nat."""


def word(seat: Measured | str | None) -> int:
    """Return a seat's word: absent, "unavailable", or measured."""
    if seat is None:
        return 0
    if isinstance(seat, str):
        return 1
    return (seat[1] + 1) << 128 | seat[0] + (1 << 127)


@dataclass(frozen=True)
class Reference:
    """The real number that the mean of a committee is, and that of its error."""

    seats: int
    dropped: int
    mean: Fraction
    squares: int  # sum of the errors' squares

    @classmethod
    def of(cls, seats: Sequence[Measured], clip: int, trim: int) -> "Reference":
        n = len(seats)
        dropped = min(ceil(Fraction(n * trim, 10_000)), (n - 1) // 2)
        gains = sorted(min(max(gain, -clip), clip) for gain, _ in seats)
        kept = gains[dropped : n - dropped]
        errors = sorted(min(error, clip) for _, error in seats)
        largest = errors[n - dropped - 1]
        squares = sum(min(error, largest) ** 2 for error in errors)
        return cls(n, dropped, Fraction(sum(kept), len(kept)), squares)

    @property
    def error(self) -> Fraction:
        """To 80 digits."""
        return Fraction(DIGITS.sqrt(Decimal(self.squares))) / self.seats

    def distances(self, z_pass: int, z_fail: int, g_min: int) -> tuple[Fraction, Fraction]:
        """Return by how much the lower end is above ``g_min``, and the upper end."""
        lower = self.mean - Fraction(z_pass, 1000) * self.error
        upper = self.mean + Fraction(z_fail, 1000) * self.error
        return lower - g_min, upper - g_min


gains = st.one_of(st.integers(-3, 3), st.integers(-(10**9), 10**9), st.integers(-(2**127), 2**127 - 1))
errors = st.one_of(st.integers(0, 3), st.integers(0, 10**9), st.integers(0, 2**128 - 2))
committees = st.lists(st.tuples(gains, errors), min_size=1, max_size=MAX_SEATS)
clips = st.one_of(st.just(10**9), st.integers(1, MAX_CLIP))
trims = st.one_of(st.just(2_000), st.integers(0, 10_000))
zs = st.one_of(st.sampled_from([1_000, 1_960]), st.integers(0, 100_000))
g_mins = st.one_of(st.just(2 * 10**6), st.integers(0, 10**9))


@given(committees, clips, trims)
@settings(max_examples=500)
def test_gains_are_rounded_towards_zero_and_errors_down(probe, seats, clip, trim):
    exact = Reference.of(seats, clip, trim)
    gain, error = probe.read("robust_gain", [word(seat) for seat in seats], clip, trim)
    assert gain == trunc(exact.mean)
    assert error <= exact.error < error + 1
    # of a square root of 80 digits the last may be wrong: once more without
    assert (error * exact.seats) ** 2 <= exact.squares < ((error + 1) * exact.seats) ** 2


def decisions(distances: tuple[Fraction, Fraction], z_pass: int, z_fail: int) -> set[int]:
    """Return what the contract may decide: one verdict, or either of two in the band around a threshold."""
    lower, upper = distances
    sure = PASSED if lower > 0 else FAILED if upper < 0 else UNDECIDED
    either = {sure}
    if -Fraction(z_pass, 1000) < lower < 1:
        either |= {PASSED, FAILED if upper < 0 else UNDECIDED}
    if -1 < upper < 1 + Fraction(z_fail, 1000):
        either |= {FAILED, PASSED if lower > 0 else UNDECIDED}
    return either


@given(committees, clips, trims, zs, zs, st.booleans(), st.integers(-120, 120))
@settings(max_examples=500)
def test_no_decision_differs_outside_the_bands(probe, seats, clip, trim, z_pass, z_fail, at_upper, away):
    exact = Reference.of(seats, clip, trim)
    ends = exact.distances(z_pass, z_fail, 0)
    g_min = max(trunc(ends[at_upper]) + away, 0)
    allowed = decisions(exact.distances(z_pass, z_fail, g_min), z_pass, z_fail)
    event(f"{len(allowed)} allowed")
    found = probe.read("judge", [word(seat) for seat in seats], clip, trim, z_pass, z_fail, g_min)
    assert found[0] in allowed


@pytest.mark.parametrize(
    ("seats", "z_pass", "z_fail", "g_min", "really", "found"),
    [
        ([(-1, 0), (10, 0)], 1000, 1960, 4, PASSED, UNDECIDED),  # lower end 4.5: rounded to 4
        ([(-2, 3), (-21, 5), (9, 1), (22, 5)], 1960, 1960, 0, UNDECIDED, PASSED),  # -1.8, rounded to 1
        ([(-12, 9), (27, 7), (-25, 22), (13, 13)], 1000, 1960, 12, UNDECIDED, FAILED),  # upper 14.5, to 11
        ([(-11, 0), (10, 0)], 1000, 1960, 0, FAILED, UNDECIDED),  # upper end -0.5: rounded to 0
    ],
)
def test_within_the_bands_decisions_do_differ(probe, seats, z_pass, z_fail, g_min, really, found):
    lower, upper = Reference.of(seats, 10**9, 0).distances(z_pass, z_fail, g_min)
    assert really == (PASSED if lower > 0 else FAILED if upper < 0 else UNDECIDED)
    words = [word(seat) for seat in seats]
    assert probe.read("judge", words, 10**9, 0, z_pass, z_fail, g_min)[0] == found


drawn = st.lists(st.one_of(st.none(), st.just("unavailable"), st.tuples(gains, errors)), max_size=MAX_SEATS)


@given(drawn, clips, trims, zs, zs, g_mins)
@settings(max_examples=500)
def test_verdict(probe, seats, clip, trim, z_pass, z_fail, g_min):
    measured = [seat for seat in seats if isinstance(seat, tuple)]
    verdict, gain, error = probe.read(
        "judge", [word(seat) for seat in seats], clip, trim, z_pass, z_fail, g_min
    )
    if 2 * seats.count("unavailable") > len(seats):
        assert (verdict, gain, error) == (MISSING, 0, 0)
    elif not measured or 2 * len(measured) < len(seats):
        assert (verdict, gain, error) == (UNDECIDED, 0, 0)
    else:
        exact = Reference.of(measured, clip, trim)
        assert verdict in decisions(exact.distances(z_pass, z_fail, g_min), z_pass, z_fail)
        assert gain == trunc(exact.mean)
        assert error <= exact.error < error + 1


@st.composite
def captured(draw: st.DrawFn) -> tuple[list[Measured], list[Measured], int]:
    """Draw a committee, the same with some false seats, and the number of these."""
    seats = draw(committees)
    false = draw(st.lists(st.tuples(gains, errors), max_size=len(seats)))
    return seats, false + seats[len(false) :], len(false)


@given(captured(), clips, trims)
@settings(max_examples=500)
def test_false_seats_move_the_mean_no_further_than_stated(probe, committee, clip, trim):
    honest, said, false = committee
    n = len(honest)
    dropped = Reference.of(honest, clip, trim).dropped
    before, _ = probe.read("robust_gain", [word(seat) for seat in honest], clip, trim)
    after, error = probe.read("robust_gain", [word(seat) for seat in said], clip, trim)
    assert abs(after - before) < Fraction(2 * clip * false, n - 2 * dropped) + 1
    if false <= dropped:
        event("no more false than dropped")
        clipped = [min(max(gain, -clip), clip) for gain, _ in honest[false:]]
        assert min(clipped) <= after <= max(clipped)
        assert error**2 * n <= max(min(error, clip) for _, error in honest[false:]) ** 2


@given(drawn, clips, trims, zs, zs, g_mins)
@settings(max_examples=300)
def test_no_child_passes_with_fewer_than_half_of_its_seats(probe, seats, clip, trim, z_pass, z_fail, g_min):
    most = (len(seats) - 1) // 2
    few = [seat if i < most else None for i, seat in enumerate(seats)]
    assert probe.read("judge", [word(seat) for seat in few], clip, trim, z_pass, z_fail, g_min)[0] != PASSED
