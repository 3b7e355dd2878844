"""Lemma 19: whether a second, larger committee is worth its measurements."""

from __future__ import annotations

from dataclasses import dataclass, replace

from derelay.rules.parameters import OPEN, Parameters
from derelay.sim.theory.collusion import verdict_captured


@dataclass(frozen=True)
class Appeals:
    """Every child is judged by the rules' committee; of some, another one decides anew.

    Attributes
    ----------
    seats
        Of the second committee.
    trim
        Share of its seats that is dropped at either end, in parts of 10,000.
    rules
        Of the first.
    """

    seats: int = 15
    trim: int = OPEN.trim
    rules: Parameters = OPEN

    def captured(self, free: int, colluding: int) -> tuple[float, float]:
        """Return how likely colluders turn a verdict of the first committee, and of the second."""
        second = replace(self.rules, seats=self.seats, trim=self.trim)
        return verdict_captured(free, colluding, self.rules), verdict_captured(free, colluding, second)

    def by_lot(self, free: int, colluding: int, share: float) -> float:
        """Return how often a verdict is turned in the end if this share of children is judged again."""
        first, second = self.captured(free, colluding)
        return (1 - share) * first + share * second

    def by_the_wronged(self, free: int, colluding: int) -> float:
        """Return the same if exactly those appeal to whom the first committee did wrong."""
        first, second = self.captured(free, colluding)
        return first * second

    def measurements(self, share: float) -> float:
        """Return how many measurements a child costs on average if this share is judged again."""
        return self.rules.seats + share * self.seats
