"""Where joining pays and honesty is the best reply, over two parameters."""

from derelay.rules.parameters import OPEN
from derelay.sim.game.arena import play_all
from derelay.sim.game.region import Region
from derelay.sim.relay import Economy, Setting

SEEDS = tuple(range(1, 9))


def cells(across, up, strategies=("taker", "keeper"), economy=None):
    region = Region(Setting(), across, up, strategies, 8, 10, SEEDS)
    found = region.measure(play_all(region.games()), economy or Economy())
    return {tuple(value for _, value in cell.changes.values): cell for cell in found}


def test_free_weights_invite_takers_and_a_price_keeps_them_off():
    economy = Economy(version=0, nat=4)
    by = cells(("price", (0, OPEN.price)), ("training", (0.5,)), ("taker",), economy)
    assert by[0, 0.5].leaving.low > 0
    assert by[OPEN.price, 0.5].leaving.high < 0


def test_joining_pays_if_learning_is_worth_much_and_not_if_it_costs_more_than_anyone_gets():
    economy = Economy(version=0, coin=0, interest=0)
    by = cells(("nat", (0, 20)), ("training", (1.0,)), economy=economy)
    assert by[20, 1.0].joining.low > 0
    assert by[0, 1.0].joining.high < 0


def test_knobs_of_the_economy_need_no_games_of_their_own():
    region = Region(Setting(), ("nat", (0, 1, 2)), ("coin", (0, 1)), ("taker",), 5, 2, (1, 2))
    assert len(region.changes()) == 6
    assert len(set(region.games())) == 4


def test_the_strategy_named_is_the_one_that_gains_most():
    cell = cells(("training", (2.0,)), ("coin", (0,)))[2.0, 0]
    assert cell.strategy == "keeper"
    assert cell.leaving.mean > 0
