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

RULES = replace(OPEN, z_pass=1_000, g_ref=NANO // 20, vote_trim=4_000)


@pytest.mark.parametrize("voters", [5, 21])
@pytest.mark.parametrize("z_pass", [0, 1_000, 2_000])
def test_mean_is_that_of_the_rule(voters, z_pass):
    random, spread, error = np.random.default_rng(1), 0.02, 0.012
    coins = []
    for _ in range(6000):
        gains = np.rint(NANO * spread * random.standard_normal(voters)).astype(int)
        seats = [Seat(int(gain), round(NANO * error)) for gain in gains]
        mean = robust_gain(seats, clip=OPEN.clip, trim=OPEN.vote_trim)
        coins.append(minted(lower_end(mean, z_pass), OPEN.g_ref) / COIN)
    told = minted_by_luck(Seats(spread, error), voters, replace(OPEN, z_pass=z_pass))
    assert np.mean(coins) == pytest.approx(told, rel=0.1, abs=0.002)


def test_relay_that_learned_everything_goes_on_minting():
    near = replace(Oracle.of("digits"), start=0.025)
    rounds = [
        each
        for seed in range(3)
        for each in play(
            Setting(parameters=RULES, oracle=near), [Keeper()] * 8 + [Trainer()] * 4, 40, seed
        ).rounds
    ]
    learned = 3 * near.start / (OPEN.g_ref / NANO)
    assert sum(each.minted for each in rounds) > 2 * learned


def test_a_larger_z_in_the_mint_stops_it():
    sharp, blunt = (minted_by_luck(Seats(0.02, 0.012), 5, replace(OPEN, z_pass=z)) for z in (5_000, 1_000))
    assert sharp < blunt / 50
