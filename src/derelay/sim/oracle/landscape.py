"""The head's progress, the legs that start from it, and what testers measure of them."""

from __future__ import annotations

import math
from random import Random

from derelay.rules.units import NANO
from derelay.rules.verdict import Seat
from derelay.sim.oracle.delta import Delta
from derelay.sim.oracle.oracle import Oracle


class Landscape:
    """One head's surroundings, from genesis on.

    Parameters
    ----------
    random
        Of the legs' luck. What testers measure is drawn from their own.
    """

    def __init__(self, oracle: Oracle, random: Random) -> None:
        self.oracle = oracle
        self.left = oracle.start
        self._random = random
        self._merits: list[float] = []
        self._read()

    @property
    def quality(self) -> float:
        """Nats per case that the head has gained over genesis."""
        return self.oracle.start - self.left

    def leg(self, effort: float = 1.0) -> Delta:
        """Return an honest leg with a share of the usual steps."""
        length = effort**self.oracle.effort if effort > 0 else 0.0
        return Delta(length, (self._own(length, self._random.gauss(0, 1)),))

    def poison(self) -> Delta:
        """Return a leg on wrong labels."""
        return Delta(self.oracle.poison_reach, (self._own(self.oracle.poison_aside, 0.0),))

    def noise(self, share: float) -> Delta:
        """Return the head with noise of ``share`` of each tensor's standard deviation."""
        return Delta(0.0, (self._own(share * self.oracle.noise, 0.0),))

    def gain(self, move: Delta) -> float:
        """Return what the head would truly gain by a move, nats per case."""
        own = sum(self._merits[leg] * amount for leg, amount in move.parts)
        common = (self._common - self._bend * move.reach) * move.reach
        return common + self._merit * own - self._drift * move.aside

    def measure(self, random: Random, move: Delta) -> Seat:
        """Return what a tester measures of a move on its own cases, and the error it reports."""
        shared = self.oracle.shared
        size = math.sqrt(shared * move.reach**2 + (1 - shared) * move.aside)
        error = self._spread * size * math.exp(self.oracle.spread_log * random.gauss(0, 1))
        gain = self.gain(move) + random.gauss(0, 1) * math.hypot(self._differ * size, error)
        return Seat(round(gain * NANO), round(error * NANO))

    def move(self, move: Delta) -> None:
        """Make the head what ``move`` leads to; nobody learns more than there is."""
        self.left = max(self.left - self.gain(move), 0.0)
        self._read()

    def _own(self, amount: float, merit: float) -> tuple[int, float]:
        self._merits.append(merit)
        return len(self._merits) - 1, amount

    def _read(self) -> None:
        oracle, left = self.oracle, self.left
        self._common, self._bend = oracle.common.at(left), oracle.bend.at(left)
        self._merit, self._drift = oracle.merit.at(left), oracle.drift.at(left)
        self._differ, self._spread = oracle.differ.at(left), oracle.spread.at(left)
