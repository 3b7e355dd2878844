"""Intervals over seeds: as often right as they say."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from derelay.sim.game.interval import interval, surely_positive

GENERATOR_SEED = 11
TRIALS = 3000


@pytest.mark.parametrize("count", [2, 8, 24])
@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_an_interval_holds_the_mean_as_often_as_it_says(count, confidence):
    samples = np.random.default_rng(GENERATOR_SEED).normal(0.3, 2.0, (TRIALS, count))
    ends = [interval(row, confidence) for row in samples]
    right = sum(each.low <= 0.3 <= each.high for each in ends) / TRIALS
    # Four standard deviations of the share of trials.
    assert abs(right - confidence) < 4 * math.sqrt(confidence * (1 - confidence) / TRIALS)


def test_of_many_means_of_zero_one_is_seldom_called_positive():
    generator = np.random.default_rng(GENERATOR_SEED)
    wrong = one_by_one = 0
    for _ in range(400):
        ends = [interval(row) for row in generator.normal(0, 1, (20, 6))]
        wrong += any(surely_positive(ends))
        one_by_one += any(each.p < 0.05 for each in ends)
    assert wrong / 400 < 0.05 + 4 * math.sqrt(0.05 * 0.95 / 400)
    assert one_by_one / 400 > 0.4  # that is why


def test_means_far_above_zero_are_called_positive():
    generator = np.random.default_rng(GENERATOR_SEED)
    ends = [interval(row) for row in generator.normal([[5.0]] * 3 + [[-5.0]] * 3, 1, (6, 8))]
    assert surely_positive(ends) == [True] * 3 + [False] * 3


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=9))
def test_an_interval_lies_around_the_mean(samples):
    each = interval(samples)
    assert each.low <= each.mean <= each.high
    assert each.count == len(samples)


def test_samples_that_are_all_the_same_leave_no_doubt():
    each = interval([0.0] * 5)
    assert (each.low, each.mean, each.high) == (0.0, 0.0, 0.0)
    assert surely_positive([each]) == [False]
    assert surely_positive([interval([0.1] * 5)]) == [True]


def test_one_sample_says_nothing_of_the_spread():
    each = interval([3.0])
    assert (each.low, each.high) == (-math.inf, math.inf)
    assert surely_positive([each]) == [False]


def test_no_samples_are_no_mean():
    with pytest.raises(ValueError, match="none"):
        interval([])
