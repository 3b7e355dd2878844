"""Who descends from whom, without those that left no descendants."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from derelay.sim.paper.arrays import Floats, Indices


@dataclass(frozen=True)
class Generation:
    """Models of one round: who trained each, and its base's position in the generation before."""

    trainers: Indices
    bases: Indices


class LineageTree:
    """The ancestors of a round's survivors.

    Few models of a round have descendants some rounds later, and soon one has them all: below it lies
    the trunk, of which only the sums per participant are kept. What remains is a few times as large as
    the survivors, however many rounds have gone by.
    """

    def __init__(self, participants: int) -> None:
        self._trunk = np.zeros(participants)
        self._trunk[0] = 1  # genesis records participant 0
        genesis = Generation(np.zeros(1, dtype=np.intp), np.zeros(1, dtype=np.intp))
        self._generations = [genesis]

    def grow(self, trainers: Indices, bases: Indices) -> None:
        """Add a round's survivors, and forget what has no descendant among them."""
        self._generations.append(Generation(trainers, bases))
        for level in range(len(self._generations) - 1, 0, -1):
            below, above = self._generations[level - 1], self._generations[level]
            alive = np.zeros(len(below.trainers), dtype=np.bool_)
            alive[above.bases] = True
            if alive.all():
                break
            places = np.cumsum(alive) - 1
            self._generations[level] = Generation(above.trainers, places[above.bases])
            self._generations[level - 1] = Generation(below.trainers[alive], below.bases[alive])
        while len(self._generations) > 1 and len(self._generations[0].trainers) == 1:
            self._trunk[self._generations.pop(0).trainers] += 1

    def pay(self, coins: Floats) -> None:
        """Add, in place, a coin to the trainer of each ancestor of each survivor."""
        survivors = len(self._generations[-1].trainers)
        descendants = np.ones(survivors)
        for level in range(len(self._generations) - 1, 0, -1):
            below = self._generations[level - 1].trainers
            of_bases = np.zeros(len(below))
            np.add.at(of_bases, self._generations[level].bases, descendants)
            coins[below] += of_bases  # a participant trains at most one model of a round
            descendants = of_bases
        coins += survivors * self._trunk
