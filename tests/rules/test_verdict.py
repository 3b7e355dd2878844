from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derelay.rules.verdict import Seat, Verdict, dropped, robust_gain, verdict

CLIP = 500_000_000
RULE = {"g_min": 2_000_000, "clip": CLIP, "trim": 2_000, "z_pass": 1282, "z_fail": 1960}

gains = st.integers(-(2**70), 2**70)
seats = st.builds(Seat, gains, st.integers(0, 2**70))


@given(st.lists(seats, min_size=1, max_size=32), st.integers(0, 10_000), st.data())
def test_false_seats_move_the_mean_by_no_more_than_the_bound(honest, trim, data):
    false = data.draw(st.lists(seats, min_size=0, max_size=len(honest)))
    changed = false + honest[len(false) :]
    kept = len(honest) - 2 * dropped(len(honest), trim)
    before, after = (robust_gain(each, clip=CLIP, trim=trim).gain for each in (honest, changed))
    assert abs(after - before) <= Fraction(2 * CLIP * len(false), kept) + 1


@given(st.lists(st.integers(-CLIP, CLIP), min_size=5, max_size=32), gains)
def test_one_false_seat_cannot_move_the_trimmed_mean_beyond_the_others(others, lie):
    mean = robust_gain([Seat(gain, 0) for gain in others] + [Seat(lie, 0)], clip=CLIP, trim=2_000).gain
    assert min(others) <= mean <= max(others)


@given(st.lists(st.integers(0, CLIP), min_size=4, max_size=32), st.integers(0, 2**70))
def test_one_false_error_widens_the_interval_no_further_than_an_honest_one(others, lie):
    mean = robust_gain([Seat(0, se) for se in [*others, lie]], clip=CLIP, trim=2_000)
    honest = robust_gain([Seat(0, se) for se in [*others, max(others)]], clip=CLIP, trim=2_000)
    assert mean.se <= honest.se


@given(st.lists(seats, min_size=1, max_size=32), st.data())
def test_a_higher_gain_never_lowers_the_verdict(before, data):
    index = data.draw(st.integers(0, len(before) - 1))
    rise = data.draw(st.integers(0, 2**70))
    after = [*before]
    after[index] = Seat(before[index].gain + rise, before[index].se)
    low, high = verdict(before, **RULE), verdict(after, **RULE)
    assert high.gain >= low.gain
    assert high.verdict <= low.verdict  # PASS is the smallest


@given(st.lists(seats, min_size=1, max_size=32), st.randoms(use_true_random=False))
def test_the_order_of_the_seats_is_of_no_account(before, random):
    after = random.sample(before, len(before))
    assert verdict(after, **RULE) == verdict(before, **RULE)


@given(st.integers(0, 32), st.lists(seats, min_size=0, max_size=32))
def test_fewer_than_half_of_the_seats_never_pass_nor_fail(absent, present):
    outcome = verdict([*present, *[None] * absent], **RULE)
    if len(present) < absent or not present:
        assert outcome.verdict is Verdict.UNDECIDED
    else:
        assert outcome.verdict is verdict(present, **RULE).verdict


def test_a_child_that_most_seats_could_not_get_is_missing():
    good = Seat(CLIP, 0)
    assert verdict([good, good, None, None, None], unavailable=3, **RULE).verdict is Verdict.MISSING
    assert verdict([good, good, good, None, None], unavailable=2, **RULE).verdict is Verdict.PASS
    assert verdict([good, good, None, None], unavailable=2, **RULE).verdict is Verdict.PASS


def test_no_seats_are_undecided():
    assert verdict([], **RULE).verdict is Verdict.UNDECIDED


@pytest.mark.parametrize(
    ("gain", "se", "expected"),
    [
        (100_000_000, 10_000_000, Verdict.PASS),
        (5_000_000, 10_000_000, Verdict.UNDECIDED),
        (-100_000_000, 10_000_000, Verdict.FAIL),
        (2_000_000, 0, Verdict.UNDECIDED),
        (2_000_001, 0, Verdict.PASS),
        (1_999_999, 0, Verdict.FAIL),
        (0, 100, Verdict.FAIL),
    ],
)
def test_the_interval_against_the_minimum_decides(gain, se, expected):
    assert verdict([Seat(gain, se)] * 5, **RULE).verdict is expected


@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=32), st.integers(1, 10**5))
def test_gains_scale(each, factor):
    small = robust_gain([Seat(g, abs(g)) for g in each], clip=1000, trim=2_000)
    large = robust_gain([Seat(g * factor, abs(g) * factor) for g in each], clip=1000 * factor, trim=2_000)
    assert abs(large.gain - small.gain * factor) <= factor
    assert abs(large.se - small.se * factor) <= 2 * factor


def test_division_rounds_towards_zero_as_in_the_evm():
    assert robust_gain([Seat(-1, 0), Seat(-1, 0), Seat(0, 0)], clip=CLIP, trim=0).gain == 0
    assert robust_gain([Seat(-1, 0), Seat(-1, 0), Seat(-1, 0)], clip=CLIP, trim=0).gain == -1
