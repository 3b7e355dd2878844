"""Lemmas 4 and 5: the verdict as a function of the true gain; the noise that is judged best.

Each seat's gain is taken to be normal about the true one, all with the same spread, and each seat to report
the same error. The trimmed mean is taken to be normal with the variance that it has in large samples.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from derelay.rules.parameters import OPEN, Parameters
from derelay.rules.units import NANO
from derelay.rules.verdict import dropped
from derelay.sim.theory.chances import Chances

_NORMAL = NormalDist()


@dataclass(frozen=True)
class Seats:
    """How seats measure, nats per case.

    Attributes
    ----------
    spread
        Standard deviation of a seat's gain from the true one: its cases are few, and its data are its own.
    error
        Standard error that it reports: only the former. Not above ``spread`` if it is honest.
    """

    spread: float
    error: float


def variance_factor(seats: int, dropped: int) -> float:
    """Return by how much dropping some of normal gains at either end widens the mean's variance.

    Tukey and McLaughlin's variance of a trimmed mean: the winsorized one, over the square of what is kept.
    """
    if dropped == 0:
        return 1.0
    share = dropped / seats
    cut = _NORMAL.inv_cdf(1 - share)
    winsorized = 1 - 2 * share - 2 * cut * _NORMAL.pdf(cut) + 2 * share * cut**2
    return winsorized / (1 - 2 * share) ** 2


def chances(gain: float, seats: Seats, rules: Parameters = OPEN) -> Chances:
    """Return how likely each verdict is on a child of a true gain, all seats being present (lemma 4)."""
    g_min = rules.g_min / NANO
    if seats.spread == 0:
        return Chances(float(gain > g_min), float(gain == g_min), float(gain < g_min))
    factor = variance_factor(rules.seats, dropped(rules.seats, rules.trim))
    deviation = seats.spread * math.sqrt(factor / rules.seats)
    error = seats.error / math.sqrt(rules.seats)
    passed = _NORMAL.cdf((gain - g_min - rules.z_pass / 1000 * error) / deviation)
    failed = _NORMAL.cdf((g_min - gain - rules.z_fail / 1000 * error) / deviation)
    return Chances(passed, 1 - passed - failed, failed)


def false_pass(seats: Seats, rules: Parameters = OPEN) -> float:
    """Return how often a child of exactly ``g_min`` passes; more seats change only what trimming costs."""
    factor = variance_factor(rules.seats, dropped(rules.seats, rules.trim))
    return 1 - _NORMAL.cdf(rules.z_pass / 1000 * seats.error / seats.spread / math.sqrt(factor))


def z_needed(level: float, seats: Seats, rules: Parameters = OPEN) -> float:
    """Return the ``z_pass`` with which a child of exactly ``g_min`` passes with probability ``level``."""
    factor = variance_factor(rules.seats, dropped(rules.seats, rules.trim))
    return _NORMAL.inv_cdf(1 - level) * math.sqrt(factor) * seats.spread / seats.error


@dataclass(frozen=True)
class Noise:
    """What noise does to a model: an amplitude of x costs ``toll·x²``, and ``seats`` measure it times x."""

    toll: float
    seats: Seats

    def chances(self, amplitude: float, rules: Parameters = OPEN) -> Chances:
        """Return the verdicts on the head with noise of an amplitude."""
        seats = Seats(self.seats.spread * amplitude, self.seats.error * amplitude)
        return chances(-self.toll * amplitude**2, seats, rules)

    def best(self, rules: Parameters = OPEN) -> float:
        """Return the amplitude that passes most often and fails least often: √(g_min/toll) (lemma 5)."""
        return math.sqrt(rules.g_min / NANO / self.toll)
