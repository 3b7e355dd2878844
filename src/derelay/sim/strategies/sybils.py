"""One person under several names, and what friends do with models that are not theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from derelay.rules.units import NANO
from derelay.rules.verdict import Seat
from derelay.sim.oracle import Delta
from derelay.sim.strategies.free_riders import Persistent

if TYPE_CHECKING:
    from derelay.sim.relay.agent import Agent
    from derelay.sim.relay.table import Child, Table


@dataclass(frozen=True)
class NearCopies(Persistent):
    """Trains one leg a round, and hands it in under all names that have a place."""

    name = "near-copies"
    about = "one trainer under several names: trains one leg, hands in near-copies of it; tests honestly"
    together = True
    one_person = True

    def trains(self, me: Agent, table: Table) -> Delta | None:
        """Copy what one of the names has trained in this round, with a trace of noise."""
        shared = me.friends[0].memory
        if shared.get("trained") != table.number:
            shared["trained"], shared["leg"] = table.number, me.leg()
        leg: Delta = shared["leg"]
        return leg.plus(me.noise(0.001))


@dataclass(frozen=True)
class Sybils(NearCopies):
    """The same, and praises itself."""

    name = "sybils"
    about = "one person under several names: near-copies of one leg, praised where its other names test them"

    def scores(self, me: Agent, table: Table, child: Child) -> Seat | None:
        """Praise its own children."""
        return Seat(NANO, 0) if child.trainer in me.friends else me.measure(child)


@dataclass(frozen=True)
class Copier(Persistent):
    """Hands in a child of the last round that it, or a friend, was given to test, as its own.

    A child of this round it sees only when it has committed to its own.
    """

    name = "copier"
    about = "hands in the best child of the last round that it or a friend was given to test"
    together = True

    def enters(self, me: Agent, table: Table) -> bool:
        """Enter if there is a child that gains something over the head."""
        tried = [(me.try_out(move), move) for move in me.held()]
        seat, move = max(tried, key=lambda pair: pair[0].gain, default=(None, None))
        me.memory["copy"] = move
        return seat is not None and seat.gain > 0

    def trains(self, me: Agent, table: Table) -> Delta | None:
        """Hand in the copy."""
        copy: Delta | None = me.memory["copy"]
        return copy
