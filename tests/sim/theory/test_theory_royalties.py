"""Lemma 17: royalties over time, against the accumulator."""

import numpy as np
import pytest

from derelay.rules.minting import COIN
from derelay.rules.royalties import Royalties
from derelay.sim.paper.inequality import gini
from derelay.sim.relay import Setting
from derelay.sim.relay.world import World
from derelay.sim.strategies.duties import Keeper
from derelay.sim.theory.royalties import (
    GENESIS,
    founder,
    gini_with_latecomers,
    half_life,
    lifetime,
    steady_weight,
)

DECAY = 0.9


def settle(royalties: Royalties, mint: float, trainer: str) -> None:
    """Settle a head as the contract does: pay, age, add."""
    royalties.pay(round(0.3 * mint * COIN))
    royalties.age()
    royalties.add(trainer, round(0.6 * mint * COIN))


def test_a_coin_earned_in_a_steady_relay_brings_half_a_coin_whenever_it_is_earned():
    royalties = Royalties(round(DECAY * 10**18))
    for head in range(300):
        settle(royalties, 1.0, f"trainer {head}")
    for head in (150, 160, 170):
        assert royalties.owed(f"trainer {head}") / (0.6 * COIN) == pytest.approx(lifetime(), rel=1e-5)
    assert royalties.total / COIN == pytest.approx(steady_weight(1.0, DECAY), rel=1e-6)


@pytest.mark.parametrize("mints", [[1.0] * 100, [1.0] * 5 + [0.1] * 95, [0.02] * 100])
def test_founder_has_what_the_accumulator_says(mints):
    royalties = Royalties(round(DECAY * 10**18))
    royalties.add("founder", round(GENESIS * COIN))
    for mint in mints:
        settle(royalties, mint, "another")
    assert royalties.owed("founder") / COIN == pytest.approx(founder(mints, DECAY), rel=1e-9)


def test_founder_earns_the_first_head_s_royalty_and_half_as_much_again_at_most():
    for mints in ([1.0] * 100, [0.6, 0.2, 0.1, 0.05] + [0.0] * 96):
        first = 0.3 * mints[0]
        assert first < founder(mints, DECAY) < 1.5 * first
    assert founder([1.0] * 400, DECAY) == pytest.approx(founder([1.0] * 100, DECAY), rel=1e-3)


def test_creator_of_a_relay_begins_with_the_weight_that_the_formula_says():
    world = World(Setting(), [Keeper()], seed=1)
    assert world.contracts.accounts.read("total") == round(GENESIS * COIN)


def test_half_life():
    assert DECAY ** half_life(DECAY) == pytest.approx(0.5)


def test_gini_counts_those_who_came_too_late():
    coins = np.sort(np.random.default_rng(1).exponential(size=60))
    everyone = np.concatenate([np.zeros(40), coins])
    assert gini(everyone) == pytest.approx(gini_with_latecomers(0.4, gini(coins)))
