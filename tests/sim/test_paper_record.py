"""What is taken down of a run."""

import numpy as np
import pytest

from derelay.sim.paper import Parameters, simulate
from derelay.sim.paper.inequality import gini
from derelay.sim.paper.moments import milestones, samples
from derelay.sim.paper.summary import summary
from derelay.sim.paper.versions import LABELS, holders


@pytest.mark.parametrize(
    ("coins", "expected"), [([1, 1, 1, 1], 0), ([0, 0, 0, 8], 0.75), ([1, 3], 0.25), ([0, 1, 2, 3], 5 / 12)]
)
def test_gini(coins, expected):
    assert gini(np.array(coins, dtype=float)) == pytest.approx(expected, abs=1e-12)


def test_holders_are_counted_by_age_of_version():
    held = np.array([20, 20, 19, 10, 9, 0, -1, -1, -1], dtype=np.int32)
    counted = dict(zip(LABELS, holders(held).tolist(), strict=True))
    assert {name: number for name, number in counted.items() if number} == {
        "latest": 2,
        "latest-1": 1,
        "latest-10": 1,
        "older": 2,
        "none": 3,
    }


@pytest.mark.parametrize("rounds", [1, 2, 7, 100, 4999, 20_001])
def test_coins_are_kept_up_to_the_last_round(rounds):
    kept = milestones(rounds)
    assert kept[0] == 1
    assert kept[-1] == rounds
    assert set(kept) <= set(samples(rounds))
    assert samples(rounds)[-1] == rounds


def test_the_watcher_is_told_of_every_round():
    seen = []
    simulate(Parameters(8, 5), seen.append)
    assert seen == [1, 2, 3, 4, 5]


def test_a_relay_of_which_no_child_survives_ends_and_says_so():
    run = simulate(Parameters(16, 10, survive=0))
    assert summary(run)["ended"] == 1
    assert run.rounds.trained[1:].tolist() == [0] * 9
    assert run.rounds.total[-1] > 0  # blocks are made and paid for all the same
