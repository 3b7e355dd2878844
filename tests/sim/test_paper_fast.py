"""The fast random numbers give relays of the same distribution as the reference."""

from itertools import count, islice

import numpy as np
import pytest

from derelay.sim.paper import Parameters, Rng, simulate
from derelay.sim.paper.run import make_relay

SEEDS = 20
ROUNDS = 200
STEADY = 50
SAME = {
    "owners": 0.2,
    "children": 0.4,
    "hold the newest, %": 0.2,
    "hold the one before, %": 0.2,
    "hold the one before that, %": 0.2,
    "hold an older one, %": 0.4,
    "supply, % of the reference": 1.0,
    "Gini at round 10": 0.025,
    "Gini at round 50": 0.03,
    "Gini at round 100": 0.03,
    "Gini at round 200": 0.04,
    "hold a model in round 5, %": 10.0,
    "hold a model in round 10, %": 8.0,
}
"""How far the means over 20 seeds may lie apart: some four standard errors or more."""


def measured(run):
    table, shares = run.rounds, 100 * run.rounds.holders / run.parameters.participants
    gini = dict(zip(run.spread.rounds.tolist(), run.spread.gini.tolist(), strict=True))
    return {
        "owners": table.selected[STEADY:].mean(),
        "children": table.trained[STEADY:].mean(),
        "hold the newest, %": shares[STEADY:, 0].mean(),
        "hold the one before, %": shares[STEADY:, 1].mean(),
        "hold the one before that, %": shares[STEADY:, 2].mean(),
        "hold an older one, %": shares[STEADY:, 3:].sum(axis=1).mean(),
        "supply, % of the reference": 100 * table.total[-1] / 789_150,
        **{f"Gini at round {number}": gini[number] for number in (10, 50, 100, 200)},
        **{f"hold a model in round {number}, %": 100 - shares[number - 1, -1] for number in (5, 10)},
    }


@pytest.fixture(scope="module")
def means():
    """Return what relays of either kind are like on average, those that died at once left out."""
    found = {}
    for rng in Rng:
        runs = (simulate(Parameters(rounds=ROUNDS, seed=seed, rng=rng)) for seed in count())
        alive = islice((measured(run) for run in runs if run.rounds.selected[-1]), SEEDS)
        rows = list(alive)
        found[rng] = {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}
    return found


@pytest.mark.parametrize("name", SAME)
def test_relays_are_alike(means, name):
    assert means[Rng.FAST][name] == pytest.approx(means[Rng.REFERENCE][name], abs=SAME[name])


@pytest.mark.parametrize("rng", Rng)
def test_owners_settle_where_as_many_come_as_go(means, rng):
    assert means[rng]["owners"] == pytest.approx(39.7, abs=0.3)


def test_one_relay_in_180_dies_before_it_has_spread():
    """Who has one survivor and gets no two children has none: 0.0056 is what the binomials give."""
    relays = [make_relay(Parameters(seed=seed)) for seed in range(3000)]
    for relay in relays:
        for _ in range(5):
            relay.play()
    died = np.mean([len(relay.owners) == 0 for relay in relays])
    assert died == pytest.approx(0.0056, abs=0.0041)  # three standard errors


def test_a_seed_gives_its_run_again():
    once, again, other = (simulate(Parameters(64, 50, seed)) for seed in (3, 3, 4))
    assert (once.coins[50] == again.coins[50]).all()
    assert (once.coins[50] != other.coins[50]).any()
