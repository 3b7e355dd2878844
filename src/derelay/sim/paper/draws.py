"""The seam to chance: everything that a round draws."""

from __future__ import annotations

from abc import ABC, abstractmethod

from derelay.sim.paper.arrays import Flags, Floats, Indices


class Draws(ABC):
    """A source of a round's random numbers; a round asks in a fixed order."""

    @abstractmethod
    def trainers(self, candidates: Indices, count: int) -> Indices:
        """Return ``count`` of the candidates, every choice equally likely, in random order."""

    @abstractmethod
    def rank(self, bids: Floats) -> Indices:
        """Return the positions of the bids, highest first, equal ones in random order."""

    @abstractmethod
    def maker(self, maintainers: Indices) -> int:
        """Return one of the maintainers: the maker of the next block."""

    @abstractmethod
    def deliveries(self, count: int, probability: float) -> Flags:
        """Return which of ``count`` trainers deliver."""

    @abstractmethod
    def gains(self, count: int) -> Floats:
        """Return by how much ``count`` children are better than their bases: normal, mean 1, deviation 1."""
