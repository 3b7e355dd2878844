"""Lemma 10: a gain in parts, on the rule and on the compiled contracts."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derelay.rules import minting
from derelay.rules.parameters import OPEN, Parameters
from derelay.rules.units import NANO
from derelay.sim.relay import Setting, play
from derelay.sim.strategies.duties import Keeper, Trainer
from derelay.sim.strategies.free_riders import LowEffort
from derelay.sim.theory.slicing import minted, most_from_slicing

CAPPED = replace(OPEN, g_ref=NANO // 20)


@dataclass(frozen=True)
class Slow(LowEffort):
    """Trains a twentieth of a leg."""

    name = "slow"
    maintains = False
    effort: float = 0.05


def by_the_rule(gain: float, error: float, parts: int) -> float:
    lower = round(NANO * (gain - OPEN.z_mint / 1000 * error) / parts)
    return parts * minting.minted(lower, OPEN.g_ref) / minting.COIN


@given(st.floats(0, 2), st.floats(0, 0.5), st.integers(1, 50))
@settings(derandomize=True)
def test_formula_is_the_rule(gain, error, parts):
    assert minted(gain, error, parts) == pytest.approx(by_the_rule(gain, error, parts), abs=1e-6)


@given(st.floats(0, OPEN.g_ref / NANO), st.floats(0, 0.3), st.integers(1, 50))
@settings(derandomize=True)
def test_a_gain_that_is_not_capped_brings_the_same_in_parts(gain, error, parts):
    assert minted(gain, error, parts) == pytest.approx(minted(gain, error))


@given(st.floats(1.2, 10), st.integers(2, 60))
@settings(derandomize=True)
def test_a_capped_gain_brings_more_in_parts(times, parts):
    for rules in (OPEN, CAPPED):
        gain = times * rules.g_ref / NANO
        whole = minted(gain, rules=rules)
        assert 1 == whole < minted(gain, parts=parts, rules=rules) <= most_from_slicing(gain, rules) + 1e-9


def test_no_gain_of_a_round_is_capped():
    """Testers and voters clip at one nat, so a coin for a nat is never cut off."""
    assert OPEN.g_ref >= OPEN.clip


def coins_for_a_nat(trainer: Trainer | Slow, rules: Parameters) -> float:
    """Return the coins minted until the head has gained a nat, for each nat that it has gained then."""
    coins = []
    for seed in range(4):
        setting = Setting(parameters=rules)
        rounds = play(setting, [Keeper()] * 12 + [trainer] * 4, rounds=25, seed=seed).rounds
        number = next(i for i, each in enumerate(rounds) if each.quality >= 1)
        coins.append(sum(each.minted for each in rounds[: number + 1]) / rounds[number].quality)
    return sum(coins) / len(coins)


def test_a_relay_that_learns_slowly_has_hardly_more_coins_and_never_more_than_it_learned():
    fast, slow = (coins_for_a_nat(trainer, OPEN) for trainer in (Trainer(), Slow()))
    assert slow < 1.3 * fast
    assert max(fast, slow) < 1


def test_it_had_more_than_twice_as_many_where_a_part_of_a_round_s_gain_was_a_coin():
    assert coins_for_a_nat(Slow(), CAPPED) > 2 * coins_for_a_nat(Trainer(), CAPPED)
