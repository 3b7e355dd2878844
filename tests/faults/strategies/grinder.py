"""A party that refuses draws by keeping an entry secret to itself."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from eth_typing import ChecksumAddress

from derelay.chain.view import Child, View
from derelay.rules import draw
from faults.strategies.colluding import Colluder

TRIES = 16
"""Draws that it imagines, to know what a new one is worth."""
ENOUGH = 2
"""Seats of a committee with which it decides a verdict."""


@dataclass(frozen=True, eq=False)
class Grinder(Colluder):
    """Colludes, and opens its secrets last: it can foresee the draw, and withhold one to have another.

    What it gets instead it cannot foresee, and the child whose secret it keeps is lost.
    """

    name = "grinder"

    def sends(self, call: str) -> bool:
        if call != "disclose":
            return True
        view = self.view
        if view.round.number not in self.memory:
            if not (view.is_last_quarter or self._others_are_open(view)):
                return False
            self.memory[view.round.number] = self._keeps(view)
        return self.memory[view.round.number] != self.me.address

    def _others_are_open(self, view: View) -> bool:
        entries = [view.entries[child.entry] for child in view.children]
        return all(entry.has_disclosed or entry.trainer in self.party.names for entry in entries)

    def _keeps(self, view: View) -> ChecksumAddress | None:
        """Return who of the party should keep its secret, if any: the last of them."""
        mine = [child for child in view.children if view.entries[child.entry].trainer in self.party.names]
        known = self._captured(view, self._seed(view, mine), mine)
        imagined = Random(f"{self.me.relay.rounds.address} {view.round.number}")
        others = [self._captured(view, imagined.randbytes(32), mine[:-1]) for _ in range(TRIES)]
        return view.entries[mine[-1].entry].trainer if sum(others) > known * TRIES else None

    def _seed(self, view: View, mine: list[Child]) -> bytes:
        """Return what the draw will be seeded by if all of the party open their secrets."""
        secrets = [view.round.secrets.to_bytes(32, "big")]
        for child in mine:
            entry = view.entries[child.entry]
            secret = self.party.journals[entry.trainer].fact(view.round.number, "secret")
            if not entry.has_disclosed and secret is not None:
                secrets.append(secret)
        return draw.draw_seed(view.round.seed, secrets)

    def _captured(self, view: View, seed: bytes, children: list[Child]) -> int:
        """Return how many of some children a draw would give to a committee that the party decides."""
        registry = self.me.relay.registry
        maintainers = [registry.read("maintainer", i) for i in range(view.round.maintainers)]
        training = {entry.trainer for entry in view.entries if entry.admitted}
        deck = draw.deal(seed, maintainers, training, len(view.children) * view.round.seats)
        committees = [
            draw.committee(view.children.index(child), view.round.seats, len(deck)) for child in children
        ]
        return sum(sum(deck[card] in self.party.names for card in cards) >= ENOUGH for cards in committees)
