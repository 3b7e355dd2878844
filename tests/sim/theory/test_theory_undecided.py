"""Lemma 6: the window for the price of being undecided; at each end somebody is indifferent."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derelay.rules.fees import forfeit
from derelay.rules.parameters import OPEN
from derelay.rules.verdict import Verdict
from derelay.sim.theory.chances import Chances
from derelay.sim.theory.taking import deposit, fee, returning_pays_from
from derelay.sim.theory.training import entry_cost
from derelay.sim.theory.undecided import least_share, most_share

chances = st.tuples(st.floats(0.01, 1), st.floats(0.01, 1), st.floats(0.01, 1)).map(
    lambda parts: Chances(*(part / sum(parts) for part in parts))
)
shares = st.integers(0, 10_000)


@given(chances, shares, st.integers(0, 20))
@settings(derandomize=True)
def test_expected_loss_is_that_of_the_rule(found, share, gap):
    rules = replace(OPEN, undecided_share=share)
    held = deposit(gap, rules) * OPEN.price
    lost = found.undecided * forfeit(Verdict.UNDECIDED, held, share)
    lost += found.failed * forfeit(Verdict.FAIL, held, share) + found.passed * forfeit(
        Verdict.PASS, held, share
    )
    assert entry_cost(found, gap, rules=rules) - fee(rules) == pytest.approx(lost / OPEN.price)


@given(st.integers(1, 20), chances, shares)
@settings(derandomize=True)
def test_at_the_least_share_returning_noise_is_worth_nothing(gap, noise, share):
    rules = replace(OPEN, undecided_share=share)
    reward = gap * (returning_pays_from(gap, noise, rules) - 1)
    assert least_share(gap, noise, reward) == pytest.approx(share / 10_000, abs=1e-6)


@given(st.floats(0, 0.2), st.integers(0, 10), chances, shares)
@settings(derandomize=True)
def test_at_the_most_share_honest_work_breaks_even(training, gap, honest, share):
    reward = entry_cost(honest, gap, training, replace(OPEN, undecided_share=share))
    assert most_share(reward, training, honest, gap) == pytest.approx(share / 10_000, abs=1e-6)
