"""Trainers who hand in little or nothing of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from derelay.sim.oracle import Delta
from derelay.sim.strategies.strategy import Strategy

if TYPE_CHECKING:
    from derelay.sim.relay.agent import Agent
    from derelay.sim.relay.table import Table


@dataclass(frozen=True)
class Persistent(Strategy):
    """Enters every round, whatever became of its children."""

    def enters(self, me: Agent, table: Table) -> bool:
        """Enter."""
        return True


@dataclass(frozen=True)
class Taker(Persistent):
    """Buys the head with its deposit."""

    name = "taker"
    about = "takes the head and hands in nothing"

    def trains(self, me: Agent, table: Table) -> Delta | None:
        """Make nothing."""
        return None


@dataclass(frozen=True)
class Returner(Persistent):
    """Hands in the head under a new id."""

    name = "returner"
    about = "hands in the head as it is"

    def trains(self, me: Agent, table: Table) -> Delta | None:
        """Change nothing."""
        return Delta()


@dataclass(frozen=True)
class Noise(Persistent):
    """Hands in the head with noise.

    Attributes
    ----------
    share
        Of each tensor's standard deviation.
    """

    name = "noise"
    about = "hands in the head with noise of 5 % of each tensor's standard deviation"

    share: float = 0.05

    def trains(self, me: Agent, table: Table) -> Delta | None:
        """Add noise."""
        return me.noise(self.share)


@dataclass(frozen=True)
class LowEffort(Persistent):
    """Trains less than the others.

    Attributes
    ----------
    effort
        Share of the usual steps.
    """

    name = "low-effort"
    about = "trains a tenth of the usual steps"

    effort: float = 0.1

    def trains(self, me: Agent, table: Table) -> Delta | None:
        """Train a little."""
        return me.leg(self.effort)


@dataclass(frozen=True)
class OneStep(LowEffort):
    """Trains a single step."""

    name = "one-step"
    about = "hands in the head after a single gradient step"

    effort: float = 0.01


@dataclass(frozen=True)
class Slicer(Persistent):
    """Makes several children of one leg.

    Attributes
    ----------
    slices
        Rounds in which it hands in one part each.
    """

    name = "slicer"
    about = "trains one leg and hands in a tenth of it in each of ten rounds"

    slices: int = 10

    def trains(self, me: Agent, table: Table) -> Delta | None:
        """Hand in the next part; train when all are gone."""
        parts: list[Delta] = me.memory.setdefault("parts", [])
        if not parts:
            parts += [me.leg().scaled(1 / self.slices)] * self.slices
        return parts.pop()


@dataclass(frozen=True)
class Poisoner(Persistent):
    """Trains on wrong labels."""

    name = "poisoner"
    about = "trains on flipped labels"

    def trains(self, me: Agent, table: Table) -> Delta | None:
        """Train on what is wrong."""
        return me.poison()
