"""Those who do some of the duties honestly, and leave the others alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from derelay.sim.strategies.strategy import Strategy

if TYPE_CHECKING:
    from derelay.sim.relay.agent import Agent
    from derelay.sim.relay.table import Table


@dataclass(frozen=True)
class Keeper(Strategy):
    """Never trains."""

    name = "keeper"
    about = "tests, serves and votes honestly, and never trains"

    def enters(self, me: Agent, table: Table) -> bool:
        """Stay out."""
        return False


@dataclass(frozen=True)
class Trainer(Strategy):
    """Does not offer to maintain."""

    name = "trainer"
    about = "trains honestly, and never tests"
    maintains = False


@dataclass(frozen=True)
class Miser(Strategy):
    """Lets others serve."""

    name = "miser"
    about = "grants nobody a key, neither of the head nor of a child"

    def serves(self, me: Agent, table: Table) -> bool:
        """Keep the key."""
        return False
