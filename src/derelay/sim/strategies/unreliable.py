"""Honest participants whose machines are not always there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from derelay.sim.strategies.strategy import Strategy

if TYPE_CHECKING:
    from derelay.sim.relay.agent import Agent
    from derelay.sim.relay.table import Table


@dataclass(frozen=True)
class Flaky(Strategy):
    """Does each thing with some probability.

    Attributes
    ----------
    chance
        Of doing what is due.
    """

    name = "flaky"
    about = "honest, but does only four of five things that are due"

    chance: float = 0.8

    def awake(self, me: Agent, table: Table) -> bool:
        """Be there by chance."""
        return me.random.random() < self.chance


@dataclass(frozen=True)
class Late(Flaky):
    """Does each thing after all the others, and now and then too late."""

    name = "late"
    about = "honest, but after all the others, and too late for one thing in twenty"
    last = True

    chance: float = 0.95


@dataclass(frozen=True)
class Vanishing(Strategy):
    """Is gone after some round.

    Attributes
    ----------
    rounds
        In which it takes part.
    """

    name = "vanishing"
    about = "honest for twenty rounds, then gone without leaving"

    rounds: int = 20

    def awake(self, me: Agent, table: Table) -> bool:
        """Be there in the beginning."""
        return table.number <= self.rounds
