"""Agents who judge each other's children, and others' by what they gain from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from derelay.rules.units import NANO
from derelay.rules.verdict import Seat
from derelay.sim.oracle import Delta
from derelay.sim.strategies.free_riders import Persistent
from derelay.sim.strategies.strategy import Strategy

if TYPE_CHECKING:
    from derelay.sim.relay.agent import Agent
    from derelay.sim.relay.table import Child, Table


@dataclass(frozen=True)
class Colluder(Persistent):
    """Hands in the head, and praises the children of its friends; honest about the others'.

    Attributes
    ----------
    praise
        Nats that it says of a friend's child.
    """

    name = "colluder"
    about = "hands in the head with a little noise, praises its friends' children"
    together = True

    praise: float = 1.0

    def trains(self, me: Agent, table: Table) -> Delta | None:
        """Change next to nothing."""
        return me.noise(0.01)

    def scores(self, me: Agent, table: Table, child: Child) -> Seat | None:
        """Praise friends; measure the others."""
        if child.trainer in me.friends:
            return Seat(round(self.praise * NANO), 0)
        return me.measure(child)


@dataclass(frozen=True)
class Bribed(Strategy):
    """Trains honestly; rejects strangers' work, so that whoever holds royalties gets their deposits.

    Attributes
    ----------
    blame
        Nats that it says of a stranger's child.
    """

    name = "bribed"
    about = "trains honestly, rejects the children of all but its friends for their deposits"
    together = True

    blame: float = -1.0

    def scores(self, me: Agent, table: Table, child: Child) -> Seat | None:
        """Measure friends' children, condemn the others."""
        if child.trainer in me.friends:
            return me.measure(child)
        return Seat(round(self.blame * NANO), 0)


@dataclass(frozen=True)
class Withholder(Persistent):
    """Hands in the head, and shows it to its friends only, who praise it: others see nothing."""

    name = "withholder"
    about = "hands in the head with a little noise, shows it to its friends only, who praise it"
    together = True

    def trains(self, me: Agent, table: Table) -> Delta | None:
        """Change next to nothing."""
        return me.noise(0.01)

    def serves(self, me: Agent, table: Table) -> bool:
        """Pass nothing on."""
        return False

    def shows(self, me: Agent, table: Table, tester: Agent) -> bool:
        """Show it to friends."""
        return tester in me.friends

    def scores(self, me: Agent, table: Table, child: Child) -> Seat | None:
        """Praise friends; measure the others."""
        return Seat(NANO, 0) if child.trainer in me.friends else me.measure(child)
