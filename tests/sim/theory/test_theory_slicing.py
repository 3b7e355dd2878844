"""Lemma 10: a gain in parts, on the rule and on the compiled contracts."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derelay.rules import minting
from derelay.rules.parameters import OPEN
from derelay.rules.units import NANO
from derelay.sim.relay import Setting, play
from derelay.sim.strategies.duties import Keeper, Trainer
from derelay.sim.strategies.free_riders import LowEffort
from derelay.sim.theory.slicing import minted, most_from_slicing

SETTING = Setting(parameters=replace(OPEN, g_ref=NANO // 20))


@dataclass(frozen=True)
class Slow(LowEffort):
    """Trains a twentieth of a leg."""

    name = "slow"
    maintains = False
    effort: float = 0.05


def by_the_rule(gain: float, error: float, parts: int) -> float:
    lower = round(NANO * (gain - OPEN.z_pass / 1000 * error) / parts)
    return parts * minting.minted(lower, OPEN.g_ref) / minting.COIN


@given(st.floats(0, 2), st.floats(0, 0.5), st.integers(1, 50))
@settings(derandomize=True)
def test_formula_is_the_rule(gain, error, parts):
    assert minted(gain, error, parts) == pytest.approx(by_the_rule(gain, error, parts), abs=1e-6)


@given(st.floats(0, 0.05), st.floats(0, 0.05), st.integers(1, 50))
@settings(derandomize=True)
def test_a_gain_that_is_not_capped_brings_the_same_in_parts(gain, error, parts):
    assert minted(gain, error, parts) == pytest.approx(minted(gain, error))


@given(st.floats(0.06, 2), st.integers(2, 60))
@settings(derandomize=True)
def test_a_capped_gain_brings_more_in_parts(gain, parts):
    assert 1 == minted(gain) < minted(gain, parts=parts) <= most_from_slicing(gain) + 1e-9


def test_a_relay_that_learns_slowly_has_more_coins_for_the_same_knowledge():
    def coins_at(quality: float, trainer) -> float:
        rounds = play(SETTING, [Keeper()] * 12 + [trainer] * 4, rounds=40, seed=5).rounds
        number = next(i for i, each in enumerate(rounds) if each.quality >= quality)
        return sum(each.minted for each in rounds[: number + 1])

    assert coins_at(1.0, Slow()) > 2 * coins_at(1.0, Trainer())
