"""Lemma 12: one child under several names, on the compiled contracts and in the oracle's geometry."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derelay.sim.oracle import Delta
from derelay.sim.oracle.delta import pooled
from derelay.sim.relay import Setting, play
from derelay.sim.strategies import Coalition
from derelay.sim.strategies.duties import Keeper, Trainer
from derelay.sim.strategies.sybils import NearCopies
from derelay.sim.theory import copies


@dataclass(frozen=True)
class Copies(NearCopies):
    """Near-copies by names that do not maintain."""

    name = "copies"
    maintains = False


@pytest.mark.parametrize("names", [1, 3])
def test_copies_have_their_share_of_the_coins(names):
    shares = []
    for seed in range(8):
        person = [Copies(Coalition("one", one_purse=True))] * names
        outcome = play(Setting(), [Keeper()] * 16 + [Trainer()] * 4 + person, rounds=3, seed=seed)
        coins = sum(agent.utility["trained"] for agent in outcome.of("copies"))
        shares.append(coins / sum(agent.utility["trained"] for agent in outcome.agents))
    error = np.std(shares, ddof=1) / len(shares) ** 0.5
    assert np.mean(shares) == pytest.approx(copies.share(names, 4), abs=max(3 * error, 0.01))


@given(st.integers(0, 12), st.floats(0.05, 5), st.floats(0.05, 1))
@settings(derandomize=True)
def test_best_number_of_names_is_the_best(others, pot, cost):
    gains = [copies.gain(names, others, pot, cost) for names in range(1, 40)]
    best = copies.best_names(others, pot, cost)
    assert best >= 1
    if best < 40:
        assert copies.gain(best, others, pot, cost) == pytest.approx(max(gains))


@given(st.integers(1, 12), st.floats(0.05, 5))
@settings(derandomize=True)
def test_cost_that_deters_the_first_copy_deters_all(others, pot):
    cost = copies.cost_that_deters(others, pot)
    assert all(copies.gain(names, others, pot, cost) <= 1e-9 for names in range(2, 40))
    assert copies.gain(2, others, pot, 0.99 * cost) > 0


@given(st.integers(1, 6), st.integers(1, 6))
@settings(derandomize=True)
def test_left_out_is_what_the_oracle_loses(names, others):
    children = [Delta(1.0, ((0, 1.0),))] * names + [Delta(1.0, ((leg, 1.0),)) for leg in range(1, others + 1)]
    whole = pooled(children, 1.0).aside
    assert whole == pytest.approx(copies.aside(names, others))
    copy, other = copies.left_out(names, others)
    if len(children) > 1:
        assert pooled(children[1:], 1.0).aside - whole == pytest.approx(copy)
        assert pooled(children[:-1], 1.0).aside - whole == pytest.approx(other)
    assert (copy > 0) == (names == 1)  # who copies itself contributes nothing, and is seen to
