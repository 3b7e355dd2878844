"""Lemma 1, against the paper's mechanism as we simulate it."""

import numpy as np
import pytest

from derelay.sim.paper import Parameters, simulate
from derelay.sim.paper.bids import trainer_bids
from derelay.sim.paper.run import make_relay
from derelay.sim.theory import paper


def test_taker_with_coins_always_loses_and_one_without_never():
    newest, round_number = np.arange(12, dtype=np.int32), 11
    for coins in (0.0, 1.0, 5.0, 100.0):
        bids = trainer_bids(np.full(12, coins), newest, round_number)
        gains = [paper.taker_gain(coins, round_number, int(v), recommended=round_number) for v in newest]
        assert gains == [round_number - v - bid for v, bid in zip(newest, bids, strict=True)]
        assert all((gain < 0) == (coins > round_number - v) for v, gain in zip(newest, gains, strict=True))


def test_supply_grows_with_the_square_of_the_rounds():
    run = simulate(Parameters(rounds=400, seed=3))
    owners = paper.owners(256, survive=0.5, delivery=0.9)
    assert run.rounds.selected[50:].mean() == pytest.approx(owners, rel=0.02)
    for rounds in (100, 200, 400):
        assert run.rounds.total[rounds - 1] == pytest.approx(paper.supply(rounds, owners), rel=0.08)


def survival(noise: float, rounds: int = 400) -> float:
    """Play the mechanism; ask each round how many of the bases on offer beat its worst survivor."""
    parameters = Parameters(rounds=rounds, seed=3)
    relay, random = make_relay(parameters), np.random.default_rng(7)
    survived = []
    for number in range(rounds):
        trainers = parameters.participants // 2 - len(relay.owners)
        bases = np.repeat(np.sort(relay.qualities)[::-1], parameters.k)[:trainers]
        relay.play()
        if number > 20:
            survived.append(
                np.mean(bases + noise * random.standard_normal(len(bases)) > relay.qualities.min())
            )
    return float(np.mean(survived))


@pytest.mark.parametrize("noise", [0.0, 1.0, 3.0])
def test_base_handed_in_again_survives_as_often_as_the_wave_says(noise):
    # The wave is normal and endless; the relay has 79 children a round.
    assert survival(noise) == pytest.approx(paper.base_survives(4, 0.5, 0.9, noise), abs=0.03)
