"""A party that refuses draws by keeping an entry secret to itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from derelay.rules import draw
from derelay.sim.strategies.colluding import Colluder

if TYPE_CHECKING:
    from derelay.sim.relay.agent import Agent
    from derelay.sim.relay.table import Child, Table

TRIES = 16
"""Draws that it imagines, to know what a new one is worth."""


@dataclass(frozen=True)
class Grinder(Colluder):
    """Colludes, and opens its secrets last: it can foresee the draw, and withhold one to have another.

    What it gets instead it cannot foresee, and the child whose secret it keeps is lost.

    Attributes
    ----------
    enough
        Seats of a committee with which it decides a verdict.
    """

    name = "grinder"
    about = "colludes, and keeps one of its entry secrets to itself if it does not like the draw"
    last = True

    enough: int = 2

    def discloses(self, me: Agent, table: Table) -> bool:
        """Open unless another draw promises more; the first of the party who is asked decides for all."""
        shared = me.friends[0].memory
        if shared.get("decided") != table.number:
            shared["decided"], shared["keeps"] = table.number, self._keeps(me, table)
        return me is not shared["keeps"]

    def _keeps(self, me: Agent, table: Table) -> Agent | None:
        """Return who should keep its secret, if any."""
        maintainers = [agent.address for agent in me.maintainers()]
        training = {entry.trainer.address for entry in table.admitted}
        friends = {friend.address for friend in me.friends}
        mine = [child for child in table.children if child.trainer in me.friends]

        def captured(seed: bytes, children: Sequence[Child]) -> int:
            deck = draw.deal(seed, maintainers, training, len(table.children) * table.seats)
            committees = (draw.committee(child.place, table.seats, len(deck)) for child in children)
            return sum(sum(deck[card] in friends for card in cards) >= self.enough for cards in committees)

        secrets = [
            entry.secret for entry in table.admitted if entry.trainer in {each.trainer for each in mine}
        ]
        known = captured(draw.draw_seed(table.seed, [*table.secrets, *secrets]), mine)
        others = [captured(me.random.randbytes(32), mine[:-1]) for _ in range(TRIES)]
        return mine[-1].trainer if sum(others) > known * TRIES else None
