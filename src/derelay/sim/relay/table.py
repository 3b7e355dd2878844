"""A round as everyone sees it on chain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from derelay.rules import draw
from derelay.rules.phases import Candidate
from derelay.rules.pool import Ballot
from derelay.rules.verdict import Verdict
from derelay.sim.oracle import Delta

if TYPE_CHECKING:
    from derelay.sim.relay.agent import Agent


@dataclass
class Entry:
    """A trainer's entry; ``order`` of admission counts from one, zero for who has no place."""

    trainer: Agent
    deposit: int
    secret: bytes
    order: int = 0


@dataclass
class Child:
    """A child by its place in the round.

    Attributes
    ----------
    move
        What its weights are: nobody looks at it who does not hold it.
    readers
        Who was given what opens and loads; None if everyone who holds its key was.
    """

    place: int
    trainer: Agent
    id: bytes
    salt: bytes
    move: Delta
    disclosed: bool = False
    handed_in: bool = False
    readers: set[Agent] | None = None
    verdict: Verdict | None = None
    gain: int = 0


@dataclass(frozen=True)
class Proposal:
    """A candidate for the new head: its id, and what its weights are."""

    id: bytes
    move: Delta
    members: tuple[Child, ...]


@dataclass
class Table:
    """The current round.

    Attributes
    ----------
    head, version
        Id and version of the head.
    seed
        Of the admission: the pivot's hash. With the secrets it seeds the draw (`derelay.rules.draw`).
    deck
        Testers, by card.
    pool
        Children that did not fail, best first.
    ballots
        Votes so far: they are open.
    elected, minted
        What became the head, None if it stayed, and the 1e-18 coins minted for it.
    """

    number: int
    head: bytes
    version: int
    owners: Sequence[Agent]
    entries: list[Entry] = field(default_factory=list)
    seed: bytes = bytes(32)
    server_offset: int = 0
    seats: int = 0
    children: list[Child] = field(default_factory=list)
    deck: list[Agent] = field(default_factory=list)
    pool: list[Child] = field(default_factory=list)
    proposals: dict[Candidate, Proposal] = field(default_factory=dict)
    ballots: dict[Agent, Ballot] = field(default_factory=dict)
    elected: Candidate | None = None
    minted: int = 0

    @property
    def admitted(self) -> list[Entry]:
        """Entries that have a place, in their order."""
        return [entry for entry in self.entries if entry.order]

    def entry_of(self, who: Agent) -> Entry | None:
        """Return the entry of an agent that has a place."""
        return next((entry for entry in self.entries if entry.trainer is who and entry.order), None)

    def server_of(self, entry: Entry) -> Agent:
        """Return the owner assigned to an entry."""
        return self.owners[(self.server_offset + entry.order) % len(self.owners)]

    @property
    def secrets(self) -> list[bytes]:
        """The entry secrets that were disclosed so far."""
        opened = {child.trainer for child in self.children if child.disclosed}
        return [entry.secret for entry in self.entries if entry.trainer in opened]

    def committee(self, child: Child) -> list[Agent]:
        """Return the testers of a child in the order of its seats."""
        return [self.deck[card] for card in draw.committee(child.place, self.seats, len(self.deck))]

    def children_of(self, card: int) -> list[Child]:
        """Return the child of each seat of a card."""
        seats = draw.seats_of(card, len(self.children), self.seats, len(self.deck))
        return [self.children[child] for child, _ in seats]
