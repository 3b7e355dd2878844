"""The head's progress, and the legs that start from it."""

from __future__ import annotations

import math
from random import Random

from derelay.rules.units import NANO
from derelay.rules.verdict import Seat
from derelay.sim.oracle.cases import SHARED, Cases
from derelay.sim.oracle.delta import Delta
from derelay.sim.oracle.oracle import Oracle


class Landscape:
    """One head's surroundings, from genesis on.

    Parameters
    ----------
    random
        Of the legs' luck. What testers measure is drawn from their own.
    clip
        Nats at which testers clip a case's gain: no model gains more, or loses more.

    Attributes
    ----------
    left
        Nats per case that there are to learn.
    version
        How often the head moved.
    """

    def __init__(self, oracle: Oracle, random: Random, clip: float = 1.0) -> None:
        self.oracle = oracle
        self._clip = clip
        self.left = oracle.start
        self.version = 0
        self._random = random
        self._legs: list[tuple[float, float]] = []  # luck with the direction of each, and its drift's factor
        self._read()

    @property
    def quality(self) -> float:
        """Nats per case that the head has gained over genesis."""
        return self.oracle.start - self.left

    def leg(self, effort: float = 1.0) -> Delta:
        """Return an honest leg with a share of the usual steps, more than none."""
        oracle = self.oracle
        spread = oracle.length_log * (1 - math.log10(effort))
        length = math.exp(spread * (self._random.gauss(0, 1) - spread / 2))
        aside = length * math.exp(
            -(spread**2) / 2
        )  # so that neither the mean reach nor the mean drift changes
        leg = self._new(self._random.gauss(0, 1), 1.0)
        reach = length * _way(effort, oracle.reach_effort)
        return Delta(reach, ((leg, aside * _way(effort, oracle.aside_effort)),))

    def noise(self, share: float) -> Delta:
        """Return the head with noise of ``share`` of each tensor's standard deviation."""
        drag = self._toll / (self._drift * self._noise**2) if self._drift * self._noise else 0.0
        return Delta(0.0, ((self._new(0.0, drag), share * self._noise),))

    def poison(self) -> Delta:
        """Return a leg on wrong labels."""
        return self.noise(self.oracle.poison.at(self.left))

    def gain(self, move: Delta) -> float:
        """Return the gain of a move over the head, in the mean of all testers: nats per case."""
        common = (self._common - self._bend * move.reach) * move.reach
        own = 0.0
        for leg, amount in move.parts:
            merit, drag = self._legs[leg]
            own += (self._merit * merit - self._drift * drag * amount) * amount
        return min(max(common + own, -self._clip), self._clip)

    def measure(self, cases: Cases, move: Delta) -> Seat:
        """Return what a tester measures of a move on its own cases, and the error that it reports."""
        shared = self.oracle.shared
        luck = math.sqrt(shared) * move.reach * cases.luck(SHARED, self.version)
        luck += math.sqrt(1 - shared) * sum(
            amount * cases.luck(leg, self.version) for leg, amount in move.parts
        )
        size = math.sqrt(shared * move.reach**2 + (1 - shared) * move.aside)
        gain = self.gain(move) + cases.factor * math.hypot(self._differ, self._spread) * luck
        return Seat(round(gain * NANO), round(cases.error() * self._spread * size * NANO))

    def move(self, move: Delta) -> None:
        """Make the head what ``move`` leads to; nobody learns more than there is."""
        self.left = max(self.left - self.gain(move), 0.0)
        self.version += 1
        self._read()

    def _new(self, merit: float, drag: float) -> int:
        self._legs.append((merit, drag))
        return len(self._legs) - 1

    def _read(self) -> None:
        oracle, left = self.oracle, self.left
        self._common, self._bend = oracle.common.at(left), oracle.bend.at(left)
        self._merit, self._drift = oracle.merit.at(left), oracle.drift.at(left)
        self._differ, self._spread = oracle.differ.at(left), oracle.spread.at(left)
        self._noise, self._toll = oracle.noise.at(left), oracle.toll.at(left)


def _way(effort: float, scale: float) -> float:
    """Return how far a share of a leg's steps goes, relative to all of them."""
    return math.expm1(-effort / scale) / math.expm1(-1 / scale)
