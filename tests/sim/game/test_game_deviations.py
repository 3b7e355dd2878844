"""Leaving honesty, on the compiled contracts."""

from dataclasses import replace

import numpy as np
import pytest

from derelay.rules.parameters import OPEN
from derelay.sim.game.arena import play_all
from derelay.sim.game.deviation import Deviation
from derelay.sim.game.interval import interval
from derelay.sim.relay import Economy, Setting

SEEDS = tuple(range(1, 9))


def measured(deviation, economy=None):
    return deviation.measure(play_all(deviation.games()), economy or Economy())


@pytest.mark.parametrize("members", [1, 3])
def test_who_stays_honest_gains_exactly_nothing(members):
    effect = measured(Deviation(Setting(), "honest", 6, members, 8, SEEDS))
    assert not effect.gain.any()
    assert not effect.change.any()
    assert not effect.learned_change.any()


def test_taking_does_not_pay_at_the_default_price():
    effect = measured(Deviation(Setting(), "taker", 6, 1, 12, SEEDS))
    assert interval(effect.gain).high < 0
    assert effect.parts[:, :].sum(axis=1) == pytest.approx(effect.gain)


def test_taking_pays_if_weights_cost_nothing_and_training_does():
    setting = Setting(parameters=replace(OPEN, price=0))
    effect = measured(Deviation(setting, "taker", 10, 1, 12, SEEDS), Economy(version=0, nat=4, training=0.2))
    assert interval(effect.gain).low > 0


def test_poisoners_harm_nobody_but_themselves_while_they_are_few():
    effect = measured(Deviation(Setting(), "poisoner", 8, 1, 12, SEEDS))
    assert interval(effect.gain).high < 0
    assert effect.learned.min() > 0.8


def test_several_names_are_compared_with_the_one_honest_name_that_they_could_be():
    one = Deviation(Setting(), "near-copies", 6, 1, 8, SEEDS)
    three = replace(one, members=3)
    sizes = {
        len(game.strategies) for game in three.games() if all(s.name == "honest" for s in game.strategies)
    }
    assert sizes == {4}
    assert np.isfinite(measured(three).gain).all()
    assert {len(game.strategies) for game in one.games()} == {6}


def test_the_same_games_end_the_same_in_one_process_and_in_two():
    deviation = Deviation(Setting(), "flaky", 5, 1, 4, SEEDS[:2])
    watched = []
    alone = play_all(deviation.games())
    together = play_all(deviation.games(), 2, lambda done, total: watched.append((done, total)))
    assert list(alone) == list(together)
    for game, score in alone.items():
        assert (score.quantities == together[game].quantities).all()
    assert watched == [(1, 4), (2, 4), (3, 4), (4, 4)]
