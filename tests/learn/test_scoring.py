import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from derelay.learn import Cases, Supervised, Yardstick, paired_gain
from derelay.rules.units import NANO


class Coin(Supervised):
    """Heads or tails, told by two weights that do not look at the input: scores by arithmetic."""

    name = "coin"
    classes = 2

    def network(self) -> nn.Module:
        layer = nn.Linear(1, 2)
        nn.init.zeros_(layer.weight)
        nn.init.zeros_(layer.bias)
        return layer

    def cases(self) -> tuple[Cases, Cases]:
        return tossed([0, 1, 1]), tossed([0, 1])


def tossed(targets: list[int]) -> Cases:
    labels = torch.tensor(targets)
    return Cases(torch.zeros(len(labels), 1), labels, labels)


def state(bias: float) -> dict[str, torch.Tensor]:
    """A model that gives tails, class 1, odds of exp(bias)."""
    return {"weight": torch.zeros(2, 1), "bias": torch.tensor([0.0, bias])}


biases = st.floats(-3, 3)
outcomes = st.lists(st.integers(0, 1), min_size=2, max_size=20)


def test_a_gain_is_the_mean_difference_of_log_likelihoods():
    gain = paired_gain(Coin(), state(0.0), state(1.0), tossed([1, 1, 1, 0]), alpha=1.0, clip=10.0)
    right, wrong = -math.log1p(math.exp(-1)) + math.log(2), -math.log1p(math.exp(1)) + math.log(2)
    assert gain.mean_nano / NANO == pytest.approx((3 * right + wrong) / 4, abs=1e-6)
    spread = torch.tensor([right, right, right, wrong]).std() / 2
    assert gain.se_nano / NANO == pytest.approx(float(spread), abs=1e-6)


@settings(deadline=None, max_examples=40)
@given(biases, outcomes, st.floats(0.1, 1))
def test_the_head_gains_exactly_nothing_over_itself(bias, targets, alpha):
    gain = paired_gain(Coin(), state(bias), state(bias), tossed(targets), alpha, clip=5.0)
    assert (gain.mean_nano, gain.se_nano) == (0, 0)


@settings(deadline=None, max_examples=40)
@given(biases, biases, outcomes)
def test_what_one_gains_over_the_other_the_other_loses(one, other, targets):
    there = paired_gain(Coin(), state(one), state(other), tossed(targets), 1.0, clip=2.0)
    back = paired_gain(Coin(), state(other), state(one), tossed(targets), 1.0, clip=2.0)
    assert (there.mean_nano, there.se_nano) == (-back.mean_nano, back.se_nano)


@settings(deadline=None, max_examples=40)
@given(st.floats(-500, 500), st.floats(-500, 500), outcomes, st.floats(0.1, 5))
def test_no_gain_exceeds_the_clip(one, other, targets, clip):
    gain = paired_gain(Coin(), state(one), state(other), tossed(targets), 1.0, clip)
    assert abs(gain.mean_nano) <= clip * NANO + 1


def test_a_step_of_a_share_judges_the_head_moved_that_far():
    yardstick = Yardstick(Coin(), state(0.0), tossed([1, 1, 0]), clip=5.0)
    assert yardstick.gain(state(2.0), alpha=0.25) == yardstick.gain(state(0.5))


def test_one_case_is_too_few_for_a_standard_error():
    with pytest.raises(ValueError, match="at least 2 held-out cases, got 1"):
        Yardstick(Coin(), state(0.0), tossed([1]), clip=5.0)


def test_a_model_whose_scores_are_not_finite_is_as_bad_as_can_be():
    for bias in (3e38, -3e38, math.nan):
        broken = {"weight": torch.full((2, 1), bias), "bias": torch.tensor([-bias, bias])}
        gain = paired_gain(Coin(), state(0.0), broken, tossed([0, 0, 1, 1]), alpha=1.0, clip=1.0)
        assert gain.mean_nano <= 0
    gain = paired_gain(Coin(), state(0.0), state(math.nan), tossed([0, 1]), alpha=1.0, clip=1.0)
    assert gain.mean_nano == -NANO
