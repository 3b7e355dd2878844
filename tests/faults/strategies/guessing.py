"""Testers who do not say what they measure."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from derelay.rules.pool import Ballot
from derelay.rules.score import UNAVAILABLE
from derelay.rules.units import NANO
from derelay.rules.verdict import Seat
from faults.strategies.player import Player

NO_VOTE = Ballot((bytes(32), bytes(32)), (UNAVAILABLE, UNAVAILABLE, UNAVAILABLE))
"""A vote that names and measures nothing: it is not paid, and not slashed."""


@dataclass(frozen=True, eq=False)
class Guesser(Player):
    """Trains honestly, says the same of every child, votes for nothing.

    Attributes
    ----------
    gain, error
        Nats that it says of every child.
    """

    gain: float = 0.0
    error: float = 0.01

    def scores(self, child: bytes, measured: Seat | None) -> Seat | None:
        return Seat(round(self.gain * NANO), round(self.error * NANO))

    def votes(self, ballot: Ballot) -> Ballot:
        return NO_VOTE


@dataclass(frozen=True, eq=False)
class Lazy(Guesser):
    """Says what is paid for with every child that passes or stays undecided."""

    gain: float = 0.003
    name = "lazy"


@dataclass(frozen=True, eq=False)
class Yes(Guesser):
    """Praises every child."""

    gain: float = 0.1
    name = "yes"


@dataclass(frozen=True, eq=False)
class No(Guesser):
    """Condemns every child."""

    gain: float = -0.1
    name = "no"


@dataclass(frozen=True, eq=False)
class Arbitrary(Guesser):
    """Says what comes to its mind; ``gain`` is the standard deviation of that."""

    gain: float = 0.02
    name = "random"

    def scores(self, child: bytes, measured: Seat | None) -> Seat | None:
        mind = Random(self.me.address.encode() + child)
        return Seat(round(mind.gauss(0, self.gain) * NANO), round(self.error * NANO))


@dataclass(frozen=True, eq=False)
class VoteCopier(Player):
    """Votes as the first who voted, whatever it measured; for nothing if nobody does in time."""

    name = "vote-copier"

    def votes(self, ballot: Ballot) -> Ballot | None:
        number = self.view.round.number
        cast = [event.values for event in self.me.relay.history.named("Voted")]
        for vote in cast:
            if vote["round"] == number and vote["voter"] != self.me.address:
                pooled, passed, best = vote["scores"]
                return Ballot((vote["pool"], vote["passed"]), (pooled, passed, best))
        return NO_VOTE if self.view.is_last_quarter else None
