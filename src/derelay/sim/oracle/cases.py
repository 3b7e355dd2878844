"""A tester's own cases, as far as they make its measurements differ from others'."""

from __future__ import annotations

import math
from random import Random

from derelay.sim.oracle.oracle import Oracle

SHARED = -1
"""The direction that all legs share, among the numbers of the legs."""


class Cases:
    """The cases of one tester.

    What it measures of a model at half the step, or of a pool with it, fits to what it measured of the model:
    as long as the head stays, its luck with each direction does.

    Parameters
    ----------
    random
        Of this tester.

    Attributes
    ----------
    factor
        How much more than others it differs, and errs: who has few cases, much.
    """

    def __init__(self, oracle: Oracle, random: Random) -> None:
        self._random = random
        self._case_log = oracle.case_log
        self.factor = math.exp(oracle.tester_log * random.gauss(0, 1))
        self._version = 0
        self._luck: dict[int, float] = {}

    def luck(self, leg: int, version: int) -> float:
        """Return a standard normal number for a direction, the same while the head stays."""
        if version != self._version:
            self._version = version
            self._luck.clear()
        if leg not in self._luck:
            self._luck[leg] = self._random.gauss(0, 1)
        return self._luck[leg]

    def error(self) -> float:
        """Return the factor of one measurement's error."""
        return self.factor * math.exp(self._case_log * self._random.gauss(0, 1))
