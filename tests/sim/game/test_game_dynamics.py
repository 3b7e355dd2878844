"""Who takes over by imitation: on made-up payoffs, whose answer is known, and on real games."""

import numpy as np
import pytest

from derelay.sim.game.arena import play_all
from derelay.sim.game.dynamics import Flow, Mixes
from derelay.sim.relay import Economy, Setting

NOISE = np.array([-0.01, 0.0, 0.01])[:, None]


def flow(agents, names, earned):
    """Return the flow in which a mix of counts pays `earned(counts)` to each strategy."""
    mixes = Mixes(Setting(), ("honest", *names), agents, 1, (1, 2, 3))
    counts = np.array(mixes.counts())
    payoffs = np.array([np.array(earned(row)) + NOISE * np.arange(1, len(row) + 1) for row in counts])
    payoffs[np.broadcast_to((counts == 0)[:, None, :], payoffs.shape)] = np.nan
    return Flow(mixes, counts, payoffs)


def ends_of(flow):
    return dict(zip(map(tuple, flow.counts.tolist()), flow.takes_over().tolist(), strict=True))


def test_who_always_earns_more_takes_over_from_the_smallest_share():
    better = flow(6, ["taker"], lambda counts: (1.0, 0.0))
    assert better.from_share() == pytest.approx(1 / 6)
    worse = flow(6, ["taker"], lambda counts: (0.0, 1.0))
    assert worse.from_share() is None
    assert worse.invaded()
    assert not better.invaded()
    assert ends_of(worse)[5, 1] == pytest.approx(0.0)


def test_where_the_majority_earns_more_the_majority_takes_over():
    majority = flow(10, ["taker"], lambda counts: (counts[0] - 5.5, 0.0))
    assert majority.from_share() == pytest.approx(0.6)
    assert ends_of(majority)[5, 5] == pytest.approx(0.0)


def test_nobody_changes_where_nobody_surely_earns_more():
    same = flow(5, ["taker"], lambda counts: (0.0, 0.0))
    assert same.transitions() == pytest.approx(np.eye(6))
    assert same.from_share() is None
    assert not same.invaded()


def test_of_three_the_best_takes_over_and_chances_are_chances():
    three = flow(5, ["taker", "lazy"], lambda counts: (2.0, 1.0, 0.0))
    matrix = three.transitions()
    assert matrix.min() >= 0
    assert matrix.sum(axis=1) == pytest.approx(1.0)
    assert three.from_share() == pytest.approx(1 / 5)


def test_the_replicator_keeps_shares_whole_and_moves_to_who_earns_more():
    three = flow(4, ["taker", "lazy"], lambda counts: (2.0, 1.0, 0.0))
    velocity = three.replicator()
    assert velocity.sum(axis=1) == pytest.approx(0.0)
    inside = (three.counts > 0).all(axis=1)
    assert (velocity[inside, 0] > 0).all()
    assert (velocity[inside, 2] < 0).all()


def test_takers_die_out_on_the_contracts():
    mixes = Mixes(Setting(), ("honest", "taker"), 8, 10, (1, 2, 3, 4))
    real = mixes.measure(play_all(mixes.games()), Economy(version=0, nat=4))
    share = real.from_share()
    assert share is not None
    assert share <= 0.8
