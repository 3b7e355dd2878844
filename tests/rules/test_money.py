"""What is paid for what: price, fees, minting."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derelay.rules import fees, minting, price
from derelay.rules.parameters import OPEN, VOTE_FEES
from derelay.rules.score import ABSENT, UNAVAILABLE, pack, unpack
from derelay.rules.verdict import Seat, Verdict

fixed = settings(derandomize=True, deadline=None)


@pytest.mark.parametrize(
    ("version", "newest", "versions"),
    [
        (0, 0, 1),  # at the start everyone buys the one that it may make
        (5, 0, 6),  # a newcomer buys all
        (5, 5, 1),  # whoever has the head buys the one that it may make
        (5, 3, 3),
        (20, 0, 8),  # the cap
    ],
)
def test_a_deposit_is_the_price_of_the_versions_to_be_gained(version, newest, versions):
    assert price.deposit(1000, version, newest, 8) == 1000 * versions


def test_the_testing_fee_pays_each_seat_the_votes_and_the_purse():
    assert OPEN.entry_fee == (OPEN.seats + VOTE_FEES + 1) * OPEN.seat_fee


def test_what_a_deposit_loses_by_the_verdict():
    lost = {each: fees.forfeit(each, 999, 1000) for each in Verdict}
    assert lost == {Verdict.PASS: 0, Verdict.UNDECIDED: 99, Verdict.FAIL: 999, Verdict.MISSING: 999}


@pytest.mark.parametrize(
    ("word", "agreeing"),
    [
        (ABSENT, set()),
        (UNAVAILABLE, {Verdict.MISSING}),
        (pack(Seat(11, 0)), {Verdict.PASS, Verdict.UNDECIDED}),
        (pack(Seat(10, 0)), {Verdict.FAIL, Verdict.UNDECIDED}),
    ],
)
def test_seats_are_paid_that_agree_with_the_committee(word, agreeing):
    assert {each for each in Verdict if fees.agrees(word, each, g_min=10)} == agreeing


@given(st.integers(0, 10**24), st.integers(0, 10_000))
@fixed
def test_what_is_burned_is_a_part_of_what_is_forfeited(forfeited, share):
    assert 0 <= fees.burned(forfeited, share) <= forfeited
    assert fees.burned(forfeited, 0) == 0
    assert fees.burned(forfeited, 10_000) == forfeited


def test_a_silent_tester_pays_for_the_versions_it_was_granted():
    assert [fees.slashed(7, 100, gained, 8) for gained in (0, 1, 8, 30)] == [7, 107, 807, 807]


@pytest.mark.parametrize(
    ("gains", "counted"),
    [
        ([], []),
        ([500], [500]),
        ([500, 40, 30], [80, 40, 30]),  # twice the middle one
        ([500, 40, 30, 20], [60, 40, 30, 20]),  # of two in the middle, the lesser
        ([500, 400, -3], [500, 400, 0]),
        ([500, -1, -3], [20, 0, 0]),  # or g_min
    ],
)
def test_no_child_counts_for_more_than_twice_the_middle_one(gains, counted):
    assert minting.counted(gains, g_min=10) == counted


def test_the_purse_keeps_ten_rounds_of_closings():
    assert fees.spare(fees.RESERVE * 5, 5) == 0
    assert fees.spare(fees.RESERVE * 5 + 7, 5) == 7
    assert fees.spare(9, 0) == 9


@given(st.integers(0, 512), st.integers(0, 10**18), st.integers(1, 32))
@fixed
def test_voters_never_get_more_than_was_paid_for_the_vote(children, seat_fee, voters):
    assert voters * fees.vote_fee(children, seat_fee, voters) <= VOTE_FEES * children * seat_fee


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**12))
@fixed
def test_no_more_than_a_coin_is_minted_and_none_without_a_gain(lower, g_ref):
    coins = minting.minted(lower, g_ref)
    assert 0 <= coins <= minting.COIN
    assert (coins == 0) == (lower <= 0)
    assert (coins == minting.COIN) == (lower >= g_ref)


@given(st.integers(1, 50), st.integers(1, 10**9), st.integers(1, 10**12))
@fixed
def test_slicing_a_gain_earns_no_more(slices, lower, g_ref):
    whole, sliced = minting.minted(lower * slices, g_ref), slices * minting.minted(lower, g_ref)
    assert sliced <= whole or lower * slices > g_ref  # beyond a coin a round, the cap


@given(
    st.integers(0, minting.COIN), st.integers(0, 10_000), st.lists(st.integers(-(10**12), 10**12), max_size=8)
)
@fixed
def test_parts_are_by_gain_and_never_more_than_the_share(coins, share, gains):
    parts = minting.parts(coins, share, gains)
    assert sum(parts) * 10_000 <= coins * share
    assert all(part == 0 for part, gain in zip(parts, gains, strict=True) if gain <= 0)
    if any(gain > 0 for gain in gains):
        assert coins * share - sum(parts) * 10_000 < 10_000 * len(gains) or coins * share == 0


def test_scores_that_do_not_fit_are_refused():
    for seat in (Seat(2**127, 0), Seat(-(2**127) - 1, 0), Seat(0, -1), Seat(0, 2**128 - 1)):
        with pytest.raises(ValueError, match="out of range"):
            pack(seat)
    for word in (2, 2**128 - 1, 2**256, -1):
        with pytest.raises(ValueError, match="no score"):
            unpack(word)
    assert unpack(ABSENT) is unpack(UNAVAILABLE) is None
