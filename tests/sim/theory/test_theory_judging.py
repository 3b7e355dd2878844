"""Lemmas 4 and 5: the normal model against the rule itself, and noise against the oracle."""

from collections import Counter
from dataclasses import replace
from random import Random

import numpy as np
import pytest

from derelay.rules.parameters import OPEN
from derelay.rules.units import NANO
from derelay.rules.verdict import Seat, Verdict, verdict
from derelay.sim.oracle import Cases, Landscape, Oracle
from derelay.sim.theory.chances import Chances
from derelay.sim.theory.judging import Noise, Seats, chances, false_pass, variance_factor, z_needed

RULES = replace(OPEN, seats=5, trim=2_000, z_pass=1_000, z_fail=1_960, g_min=2 * NANO // 1000)
RULE = {name: getattr(RULES, name) for name in ("g_min", "clip", "trim", "z_pass", "z_fail")}


def judged(children) -> Chances:
    """Return how often each verdict was given on children, each a list of its seats."""
    counts = Counter(verdict(seats, **RULE).verdict for seats in children)
    total = counts.total()
    return Chances(*(counts[v] / total for v in (Verdict.PASS, Verdict.UNDECIDED, Verdict.FAIL)))


def drawn(gain: float, seats: Seats, count: int, many: int = 2500):
    random = np.random.default_rng(1)
    gains = np.rint(NANO * (gain + seats.spread * random.standard_normal((many, count)))).astype(int)
    error = round(NANO * seats.error)
    return [[Seat(int(each), error) for each in child] for child in gains]


@pytest.mark.parametrize("count", [5, 21])
@pytest.mark.parametrize("gain", [-0.01, 0.002, 0.008])
@pytest.mark.parametrize("ratio", [0.5, 1.0])
def test_chances_are_those_of_the_rule(gain, count, ratio):
    seats = Seats(0.02, 0.02 * ratio)
    told = chances(gain, seats, replace(RULES, seats=count))
    found = judged(drawn(gain, seats, count))
    for part in ("passed", "undecided", "failed"):
        assert getattr(found, part) == pytest.approx(getattr(told, part), abs=0.03)


def test_seats_that_differ_in_how_well_they_measure_change_little():
    random = np.random.default_rng(2)
    children = []
    for _ in range(2500):
        factors = np.exp(0.6 * random.standard_normal(5))
        gains = 0.008 + 0.02 * factors * random.standard_normal(5)
        children.append(
            [Seat(round(NANO * g), round(NANO * 0.012 * f)) for g, f in zip(gains, factors, strict=True)]
        )
    told, found = chances(0.008, Seats(0.02, 0.012), RULES), judged(children)
    assert found.passed == pytest.approx(told.passed, abs=0.06)
    assert found.failed == pytest.approx(told.failed, abs=0.06)


@pytest.mark.parametrize(("seats", "dropped"), [(5, 1), (6, 2), (9, 2), (21, 5), (21, 9)])
def test_factor_of_a_trimmed_mean(seats, dropped):
    gains = np.sort(np.random.default_rng(3).standard_normal((40_000, seats)), axis=1)
    variance = gains[:, dropped : seats - dropped].mean(axis=1).var()
    assert variance_factor(seats, dropped) == pytest.approx(seats * variance, rel=0.04)


def test_more_seats_do_not_stop_children_of_just_g_min_but_a_larger_z_does():
    few = judged(drawn(0.002, Seats(0.02, 0.01), 5)).passed
    many = judged(drawn(0.002, Seats(0.02, 0.01), 30)).passed
    assert few == pytest.approx(many, abs=0.03)
    assert few == pytest.approx(false_pass(Seats(0.02, 0.01), RULES), abs=0.03)
    z = z_needed(0.05, Seats(0.02, 0.01), RULES)
    strict = replace(RULES, z_pass=round(1000 * z))
    assert chances(0.002, Seats(0.02, 0.01), strict).passed == pytest.approx(0.05, abs=0.001)


def test_no_amplitude_of_noise_is_judged_better_than_the_best():
    noise = Noise(toll=0.5, seats=Seats(0.3, 0.2))
    best = noise.chances(noise.best(RULES), RULES)
    for amplitude in np.geomspace(0.001, 3, 60):
        other = noise.chances(float(amplitude), RULES)
        assert other.passed <= best.passed + 1e-12
        assert other.failed >= best.failed - 1e-12


def test_best_noise_of_the_oracle_is_near_the_formula():
    """A head with a quarter of a nat to learn; the oracle's testers differ in how well they measure."""
    oracle = replace(Oracle.of("digits"), start=0.25)
    head = Landscape(oracle, Random(4))
    toll = -head.gain(head.noise(1.0))

    def found(amplitude: float) -> Chances:
        move = head.noise(amplitude)
        children = [
            [head.measure(Cases(oracle, Random(f"{child} {seat}")), move) for seat in range(5)]
            for child in range(400)
        ]
        return judged(children)

    amplitude = (RULES.g_min / NANO / toll) ** 0.5
    best = found(amplitude)
    for other in (amplitude / 8, amplitude * 8):
        assert found(other).failed > best.failed + 0.1
