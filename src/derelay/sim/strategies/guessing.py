"""Testers who do not measure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from derelay.rules.pool import Ballot
from derelay.rules.score import UNAVAILABLE
from derelay.rules.units import NANO
from derelay.rules.verdict import Seat
from derelay.sim.strategies.strategy import Strategy

if TYPE_CHECKING:
    from derelay.sim.relay.agent import Agent
    from derelay.sim.relay.table import Child, Table

NO_VOTE = Ballot((bytes(32), bytes(32)), (UNAVAILABLE, UNAVAILABLE, UNAVAILABLE))
"""A vote that names and measures nothing: it is not paid, and not slashed."""


@dataclass(frozen=True)
class Guesser(Strategy):
    """Trains honestly, measures nothing.

    Attributes
    ----------
    gain, error
        Nats that it says of every child.
    """

    gain: float = 0.0
    error: float = 0.01

    def scores(self, me: Agent, table: Table, child: Child) -> Seat | None:
        """Say the same of every child."""
        return Seat(round(self.gain * NANO), round(self.error * NANO))

    def votes(self, me: Agent, table: Table) -> Ballot | None:
        """Name nothing."""
        return NO_VOTE


@dataclass(frozen=True)
class Lazy(Guesser):
    """Says what is paid for with every child that passes or stays undecided."""

    name = "lazy"
    about = "measures nothing, says of every child that it gains a little more than it must"

    gain: float = 0.003


@dataclass(frozen=True)
class Yes(Guesser):
    """Praises every child."""

    name = "yes"
    about = "measures nothing, praises every child"

    gain: float = 0.1


@dataclass(frozen=True)
class No(Guesser):
    """Condemns every child."""

    name = "no"
    about = "measures nothing, condemns every child"

    gain: float = -0.1


@dataclass(frozen=True)
class Arbitrary(Guesser):
    """Says what comes to its mind; ``gain`` is the standard deviation of that."""

    name = "random"
    about = "measures nothing, says a random gain of every child"

    gain: float = 0.02

    def scores(self, me: Agent, table: Table, child: Child) -> Seat | None:
        """Guess."""
        return Seat(round(me.random.gauss(0, self.gain) * NANO), round(self.error * NANO))


@dataclass(frozen=True)
class VoteCopier(Strategy):
    """Waits for another's vote."""

    name = "vote-copier"
    about = "trains and tests honestly, but votes as the first voter did, without computing the pool"
    last = True

    def votes(self, me: Agent, table: Table) -> Ballot | None:
        """Copy the first vote; vote for nothing if it is the first."""
        return next(iter(table.ballots.values()), NO_VOTE)
