"""Lemma 11: what is minted where nothing is learned."""

from dataclasses import replace

import numpy as np
import pytest

from derelay.rules.minting import COIN, minted
from derelay.rules.parameters import OPEN
from derelay.rules.units import NANO
from derelay.rules.verdict import Seat, lower_end, robust_gain
from derelay.sim.oracle import Oracle
from derelay.sim.relay import Setting, play
from derelay.sim.strategies.duties import Keeper, Trainer
from derelay.sim.theory.judging import Seats
from derelay.sim.theory.luck import minted_by_luck

SEEDS = 6


@pytest.mark.parametrize("voters", [5, 21])
@pytest.mark.parametrize("z_mint", [0, 1_000, 2_000])
def test_mean_is_that_of_the_rule(voters, z_mint):
    random, spread, error = np.random.default_rng(1), 0.02, 0.012
    coins = []
    for _ in range(10_000):
        gains = np.rint(NANO * spread * random.standard_normal(voters)).astype(int)
        seats = [Seat(int(gain), round(NANO * error)) for gain in gains]
        mean = robust_gain(seats, clip=OPEN.clip, trim=OPEN.vote_trim)
        coins.append(minted(lower_end(mean, z_mint), OPEN.g_ref) / COIN)
    told = minted_by_luck(Seats(spread, error), voters, replace(OPEN, z_mint=z_mint))
    assert np.mean(coins) == pytest.approx(told, rel=0.15)


def minted_and_learned(start: float, rounds: int, z_mint: int) -> tuple[float, float]:
    """Return the mean coins and nats of relays that begin so far from the best head."""
    setting = Setting(
        parameters=replace(OPEN, z_mint=z_mint), oracle=replace(Oracle.of("digits"), start=start)
    )
    coins = nats = 0.0
    for seed in range(SEEDS):
        played = play(setting, [Keeper()] * 8 + [Trainer()] * 4, rounds, seed).rounds
        coins += sum(each.minted for each in played) * OPEN.g_ref / NANO / SEEDS
        nats += played[-1].quality / SEEDS
    return coins, nats


def test_coins_are_no_more_than_what_is_learned():
    coins, nats = minted_and_learned(Oracle.of("digits").start, rounds=30, z_mint=OPEN.z_mint)
    assert 0.5 * nats < coins <= nats


def test_where_next_to_nothing_is_left_a_larger_z_mints_less_by_luck():
    strict, _ = minted_and_learned(0.025, rounds=40, z_mint=OPEN.z_mint)
    blunt, learned = minted_and_learned(0.025, rounds=40, z_mint=1_000)
    assert blunt > max(learned, 0)
    assert strict < blunt / 2
    assert strict < 0.01


def test_chance_of_luck_falls_with_z():
    sharp, blunt = (minted_by_luck(Seats(0.02, 0.012), 5, replace(OPEN, z_mint=z)) for z in (3_000, 1_000))
    assert sharp < blunt / 5
