"""A party that chooses among draws by keeping some of its entry secrets to itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from derelay.rules import draw
from derelay.sim.strategies.colluding import Colluder

if TYPE_CHECKING:
    from derelay.sim.relay.agent import Agent
    from derelay.sim.relay.table import Entry, Table

MOST = 6
"""Entries that it tries all choices of: 64 draws."""


@dataclass(frozen=True)
class Grinder(Colluder):
    """Colludes, and opens its secrets last: it knows all others, so it can foresee the draw of each choice.

    Attributes
    ----------
    enough
        Seats of a committee with which it decides a verdict.
    """

    name = "grinder"
    about = "colludes, and withholds the entry secrets of some names if the draw then favours the others"
    last = True

    enough: int = 2

    def commits(self, me: Agent, table: Table) -> bool:
        """Open what the best choice opens; the first of the party who is asked chooses for all."""
        shared = me.friends[0].memory
        if shared.get("chosen") != table.number:
            mine = [entry for entry in table.admitted if entry.trainer in me.friends][:MOST]
            shared["chosen"], shared["opens"] = table.number, self._best(me, table, mine)
        opens: set[Agent] = shared["opens"]
        return me in opens

    def _best(self, me: Agent, table: Table, mine: Sequence[Entry]) -> set[Agent]:
        """Return who should open: the choice with the most children on committees that are its own."""
        maintainers = [agent.address for agent in me.maintainers()]
        training = {entry.trainer.address for entry in table.admitted}
        friends = {friend.address for friend in me.friends}

        def captured(opened: Sequence[Entry]) -> int:
            seed = draw.draw_seed(table.seed, [*table.secrets, *(entry.secret for entry in opened)])
            first = len(table.children)
            children = first + len(opened)
            deck = draw.deal(seed, maintainers, training, children * table.seats)
            committees = (draw.committee(child, table.seats, len(deck)) for child in range(first, children))
            return sum(sum(deck[card] in friends for card in cards) >= self.enough for cards in committees)

        best = max(_choices(mine), key=lambda opened: (captured(opened), len(opened)))
        return {entry.trainer for entry in best}


def _choices(mine: Sequence[Entry]) -> Iterator[tuple[Entry, ...]]:
    for count in range(len(mine), 0, -1):
        yield from combinations(mine, count)
