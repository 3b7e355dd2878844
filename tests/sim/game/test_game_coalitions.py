"""Up to which size a coalition is held off."""

import numpy as np
import pytest

from derelay.sim.game.coalition import held_off, members
from derelay.sim.game.deviation import Deviation, Effect
from derelay.sim.game.game import QUANTITIES
from derelay.sim.relay import Setting

NOISE = np.array([-0.01, 0.0, 0.01])


def effect(count, gain, learned=0.9):
    parts = np.zeros((3, len(QUANTITIES)))
    parts[:, 0] = gain + NOISE
    zero = np.zeros(3)
    deviation = Deviation(Setting(), "colluder", 10, count, 1, (1, 2, 3))
    return Effect(deviation, parts, zero, zero, zero, learned + NOISE, learned + NOISE - 0.9)


def test_the_largest_share_up_to_which_none_gains():
    held = held_off([effect(3, -0.1), effect(1, -0.3), effect(2, -0.2), effect(4, 0.3)])
    assert (held.off, held.pays, held.stops) == (0.3, 0.4, None)


def test_who_may_gain_is_not_held_off_and_does_not_surely_gain():
    held = held_off([effect(1, -0.3), effect(2, 0.0), effect(3, -0.3)])
    assert (held.off, held.pays) == (0.1, None)


def test_a_head_that_stops_learning_is_not_held_off_though_nobody_gains():
    held = held_off([effect(1, -0.3), effect(2, -0.3, learned=0.2)])
    assert (held.off, held.pays, held.stops) == (0.1, None, 0.2)


@pytest.mark.parametrize(
    ("agents", "expected"), [(12, [1, 2, 4, 5, 6]), (24, [2, 5, 7, 10, 12]), (4, [1, 2])]
)
def test_shares_are_whole_agents(agents, expected):
    assert members(agents, (0.1, 0.2, 0.3, 0.4, 0.5)) == expected
