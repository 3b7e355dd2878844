"""One play serves every economy: it is worth what the engine says when it plays in that economy."""

from dataclasses import replace

import numpy as np
import pytest

from derelay.rules.parameters import OPEN
from derelay.sim.game.game import QUANTITIES, Game
from derelay.sim.relay import Economy, Setting, play
from derelay.sim.strategies import cast

MIX = {"honest": 3, "taker": 1, "flaky": 1, "near-copies": 2}
ECONOMY = Economy(version=0.7, nat=2.5, coin=3.0, training=0.3, testing=0.01, interest=0.002, gas=0.01)


@pytest.mark.parametrize("price", [OPEN.price, 3 * OPEN.price])
def test_a_play_is_valued_as_the_engine_values_it(price):
    setting = Setting(parameters=replace(OPEN, price=price), economy=ECONOMY)
    strategies = tuple(cast(MIX))
    outcome = play(setting, strategies, 12, 3)
    # The engine counts in prices of this relay, and its economy with it; here all is in default prices.
    scale = price / OPEN.price
    own = {"version", "nat", "coin", "training", "testing", "gas"}
    economy = replace(ECONOMY, **{name: getattr(ECONOMY, name) * scale for name in own})
    score = Game(setting, strategies, 12, 3).play()
    ours = 12 * score.utilities(economy)
    theirs = scale * np.array([agent.total for agent in outcome.agents])
    persons = [[0], [1], [2], [3], [4], [5, 6]]  # what names of one person know is shared out among them
    for seats in persons:
        assert ours[seats].sum() == pytest.approx(theirs[seats].sum(), abs=1e-9)


def test_the_parts_are_the_whole_and_quality_is_the_head_s():
    score = Game(Setting(), tuple(cast({"honest": 5})), 6, 1).play()
    assert score.parts(ECONOMY).shape == (5, len(QUANTITIES))
    assert score.parts(ECONOMY).sum(axis=1) == pytest.approx(score.utilities(ECONOMY))
    assert 0 < score.learned < 1


def test_a_price_of_zero_can_be_played():
    setting = Setting(parameters=replace(OPEN, price=0))
    score = Game(setting, tuple(cast({"honest": 4, "taker": 1})), 6, 1).play()
    forfeits = score.parts(Economy())[:, QUANTITIES.index("forfeits")]
    assert np.abs(forfeits).max() < 1e-12
    assert np.isfinite(score.quantities).all()
