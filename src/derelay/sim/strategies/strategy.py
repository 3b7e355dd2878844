"""How a simulated participant plays: every duty, done the honest way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from derelay.rules.pool import Ballot
from derelay.rules.verdict import Seat
from derelay.sim.oracle import Delta

if TYPE_CHECKING:
    from derelay.sim.relay.agent import Agent
    from derelay.sim.relay.table import Child, Table


@dataclass(frozen=True)
class Coalition:
    """Agents who act together: strategies with an equal one know each other (`Agent.friends`).

    Attributes
    ----------
    one_purse
        Whether they are one person under several names: a version that one of them gained is worth
        nothing to the next.
    """

    name: str
    one_purse: bool = False


@dataclass(frozen=True)
class Strategy:
    """What an agent does, duty by duty. Honest; others override what they do differently.

    A strategy holds settings only, so that one may play for many agents and again in the next game; what it
    must remember is kept in ``me.memory``. ``me`` is the agent that it plays for, with the means to train and
    to measure; ``table`` is what the chain says of this round.
    """

    name: ClassVar[str]
    about: ClassVar[str]
    maintains: ClassVar[bool] = True
    """Whether it bonds more, and offers to test and to serve."""
    last: ClassVar[bool] = False
    """Whether it acts after all the others in each phase, knowing what they did."""
    together: ClassVar[bool] = False
    """Whether it is played by several who know each other."""
    one_person: ClassVar[bool] = False
    """Whether these are one person."""

    coalition: Coalition | None = None

    def awake(self, me: Agent, table: Table) -> bool:
        """Return whether it does the next thing that is due at all: asked before each of its calls."""
        return True

    def enters(self, me: Agent, table: Table) -> bool:
        """Return whether to enter; rests as nodes do."""
        return me.resting.is_over(table.number)

    def serves(self, me: Agent, table: Table) -> bool:
        """Return whether to grant a key that one holds to those entitled to it."""
        return True

    def trains(self, me: Agent, table: Table) -> Delta | None:
        """Return the child that it makes of the head; None hands in nothing."""
        return me.leg()

    def discloses(self, me: Agent, table: Table) -> bool:
        """Return whether to open the secret of one's entry; without it the child cannot be handed in."""
        return True

    def hands_in(self, me: Agent, table: Table) -> bool:
        """Return whether to hand in the child that one committed to."""
        return True

    def shows(self, me: Agent, table: Table, tester: Agent) -> bool:
        """Return whether a tester of its child is given what opens and loads."""
        return True

    def scores(self, me: Agent, table: Table, child: Child) -> Seat | None:
        """Return what it says of a child; None for "unavailable"."""
        return me.measure(child)

    def reveals(self, me: Agent, table: Table) -> bool:
        """Return whether to open the scores that one committed to."""
        return True

    def votes(self, me: Agent, table: Table) -> Ballot | None:
        """Return its vote on the pool; None for silence."""
        return me.ballot()


@dataclass(frozen=True)
class Honest(Strategy):
    """Every duty, done the honest way."""

    name = "honest"
    about = "trains, tests, serves and votes as the nodes of this package do"
