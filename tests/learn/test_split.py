import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from derelay.learn import Cases, Share, split
from derelay.learn.split import SMALLEST_SHARE


def numbered(count: int, strata: int) -> Cases:
    """Cases that can be told apart: each one's input is its number."""
    number = torch.arange(count)
    return Cases(number, number, number % strata)


def numbers(shares: list[Share]) -> list[int]:
    return [int(n) for share in shares for part in (share.train, share.held_out) for n in part.inputs]


@settings(max_examples=40, deadline=None)
@given(
    participants=st.integers(1, 14),
    strata=st.integers(1, 12),
    alpha=st.floats(0.05, 100),
    held_out=st.floats(0.05, 0.9),
    seed=st.integers(0, 2**40),
)
def test_every_case_lands_in_exactly_one_place(participants, strata, alpha, held_out, seed):
    cases = numbered(14 * SMALLEST_SHARE + 7, strata)
    shares = split(cases, participants, alpha, torch.Generator().manual_seed(seed), held_out)
    assert len(shares) == participants
    assert sorted(numbers(shares)) == list(range(len(cases)))
    for share in shares:
        assert len(share.train) >= 1
        assert len(share.held_out) >= 2
        assert len(share.train) + len(share.held_out) >= SMALLEST_SHARE


def test_the_generator_decides_the_split():
    cases = numbered(600, 10)
    one, same, other = (split(cases, 12, 0.3, torch.Generator().manual_seed(s)) for s in (1, 1, 2))
    assert numbers(one) == numbers(same)
    assert numbers(one) != numbers(other)


def test_a_small_alpha_is_uneven_and_a_large_one_even():
    cases = numbered(2400, 10)

    def largest_stratum(alpha: float) -> float:
        shares = split(cases, 12, alpha, torch.Generator().manual_seed(3))
        return sum(int(s.train.strata.bincount().max()) / len(s.train) for s in shares) / 12

    assert largest_stratum(0.1) > 0.5
    assert largest_stratum(1000.0) < 0.2


def test_an_alpha_of_0_gives_each_stratum_to_one_participant():
    shares = split(numbered(250, 5), 5, 0, torch.Generator().manual_seed(3))
    assert [torch.unique(torch.cat([s.train.strata, s.held_out.strata])).tolist() for s in shares] == [
        [number] for number in range(5)
    ]


@pytest.mark.parametrize(
    ("participants", "alpha", "held_out", "reason"),
    [
        (0, 0.3, 0.3, "participants must be at least 1"),
        (2, -0.1, 0.3, "alpha must not be negative"),
        (2, float("nan"), 0.3, "alpha must not be negative"),
        (2, 0.3, 1.0, "held_out must lie between"),
        (5, 0.3, 0.3, "take at most 4 participants"),
    ],
)
def test_numbers_out_of_range_are_refused(participants, alpha, held_out, reason):
    with pytest.raises(ValueError, match=reason):
        split(numbered(100, 4), participants, alpha, torch.Generator(), held_out)
