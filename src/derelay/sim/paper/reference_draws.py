"""The authors' random numbers, in the order in which their script draws them."""

from __future__ import annotations

import random

import numpy as np

from derelay.sim.paper.arrays import Flags, Floats, Indices
from derelay.sim.paper.draws import Draws
from derelay.sim.paper.ranking import highest_first


class ReferenceDraws(Draws):
    """Python's Mersenne Twister for choices, NumPy's legacy one for gains, both from one seed.

    Their script seeds the two global generators; these are private and give the same numbers.
    """

    def __init__(self, seed: int) -> None:
        self._python = random.Random(seed)
        self._numpy = np.random.RandomState(seed)

    def trainers(self, candidates: Indices, count: int) -> Indices:
        """See `Draws.trainers`."""
        return np.array(self._python.sample(candidates.tolist(), count), dtype=np.intp)

    def rank(self, bids: Floats) -> Indices:
        """See `Draws.rank`."""
        order = highest_first(bids)
        ranked = bids[order]
        ends = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True)) + 1
        start = 0
        for end in ends.tolist():
            if end - start > 1:  # a group of one draws nothing
                group = order[start:end].tolist()
                self._python.shuffle(group)
                order[start:end] = group
            start = end
        return order

    def maker(self, maintainers: Indices) -> int:
        """See `Draws.maker`."""
        return int(maintainers[self._python.sample(range(len(maintainers)), 1)[0]])

    def deliveries(self, count: int, probability: float) -> Flags:
        """See `Draws.deliveries`."""
        draw = self._python.random
        return np.array([draw() for _ in range(count)], dtype=np.float64) < probability

    def gains(self, count: int) -> Floats:
        """See `Draws.gains`."""
        return self._numpy.normal(1.0, 1.0, count)
