"""What the rounds remember, shared by the parts of a round; fields are those of the contract's structs."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Protocol

from derelay.rules import draw, price
from derelay.rules.commitment import Context
from derelay.rules.parameters import Parameters
from derelay.rules.phases import Phase
from derelay.rules.pool import Ballot
from derelay.rules.verdict import Outcome
from model.accounts import Accounts
from model.registry import Registry
from model.world import EMPTY, NOBODY, World, require

BLOCKS_BACK = 256
"""As far as the EVM reads block hashes."""
FROM_DEPOSIT, FROM_TESTING, FROM_CLOSING = 1, 2, 3
OLD = (0, 0)
"""Round and place of an id that is no child of a round: a head."""


@dataclass
class Head:
    id: bytes
    version: int
    round: int = 0


@dataclass
class Round:
    number: int = 0
    phase: int = Phase.REST
    opened_at: int = 0
    opened_block: int = 0
    pivot: int = 0
    cursor: int = 0
    maintainers: int = 0
    entries: int = 0
    places: int = 0
    admitted: int = 0
    seats: int = 0
    children: int = 0
    disclosed: int = 0
    deck: int = 0
    server_offset: int = 0
    secrets: int = 0
    seed: bytes = EMPTY
    elected: int = 0


@dataclass
class Entry:
    trainer: str
    deposit: int
    secret_hash: bytes
    admitted: int = 0
    child: int = 0
    server: str = NOBODY


@dataclass
class Child:
    entry: int
    commitment: bytes
    id: bytes = EMPTY
    content: bytes = EMPTY
    verdict: int = 0
    gain: int = 0
    error: int = 0


@dataclass
class Book:
    """What is kept of each round."""

    entries: list[Entry] = field(default_factory=list)
    children: list[Child] = field(default_factory=list)
    deck: list[str] = field(default_factory=list)
    admitted: list[int] = field(default_factory=list)  # as `draw.admit` says
    secrets: list[bytes] = field(default_factory=list)
    shuffled: list[str] = field(default_factory=list)  # the maintainers, as `draw.deal` deals them
    entry_of: dict[str, int] = field(default_factory=dict)
    card_of: dict[str, int] = field(default_factory=dict)
    committed: dict[str, bytes] = field(default_factory=dict)
    revealed: set[str] = field(default_factory=set)
    scores: dict[int, int] = field(default_factory=dict)  # by seat
    fees: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))  # by card
    outcomes: list[Outcome | None] = field(default_factory=list)  # by entry
    ballots: dict[int, Ballot] = field(default_factory=dict)  # by card
    gained: Counter[str] = field(default_factory=Counter)  # versions granted to testers


class Ancestor(Protocol):
    """The relay of the origin: what a successor asks it."""

    def newest_of(self, who: str) -> int: ...


class State:
    def __init__(
        self,
        world: World,
        at: str,
        registry: Registry,
        accounts: Accounts,
        parameters: Parameters,
        genesis: bytes,
        version: int,
        ancestor: Ancestor | None,
    ) -> None:
        self.world, self.at = world, at
        self.registry, self.accounts = registry, accounts
        self.rule = parameters
        self.genesis_version, self.ancestor = version, ancestor
        self.head = Head(genesis, version)
        self.heads = {version: genesis}
        self.round = Round()
        self.books: defaultdict[int, Book] = defaultdict(Book)
        self.owners: list[str] = []
        self.pool: list[int] = []
        self.child_of = {EMPTY: OLD, genesis: OLD}
        self.holds: set[tuple[bytes, str]] = set()
        self.newest: dict[str, int] = {}
        self.purse = self.forfeits = self.votes = self.burned = 0

    @property
    def book(self) -> Book:
        """Of the current round."""
        return self.books[self.round.number]

    def begin(self, phase: Phase, closer: str) -> None:
        self.round.phase = phase
        self.round.opened_at, self.round.opened_block = self.world.time, self.world.height
        self.round.cursor = 0
        if self.round.places > 0:
            tip = min(self.rule.closing_fee, self.purse)
            self.purse -= tip
            self.credit(closer, tip, FROM_CLOSING)
        self.log("PhaseChanged", self.round.number, phase, closer)

    def credit(self, who: str, amount: int, reason: int) -> None:
        if amount > 0:
            self.world.move(self.at, self.accounts.at, amount)
            self.accounts.credit(self.at, who, reason, amount)

    def pivot_is_known(self) -> bool:
        """Whether the pivot's hash can be read; whoever comes too late sets a new pivot."""
        round, height = self.round, self.world.height
        if round.cursor > 0:
            return True
        require(height > round.pivot, "draw is not due")
        if height - round.pivot <= BLOCKS_BACK:
            return True
        round.pivot = height + 1
        self.log("Redrawn", round.number, round.pivot)
        return False

    def log(self, name: str, *values: object) -> None:
        self.world.log(self.at, "rounds", name, *values)

    def entry_of(self, who: str) -> Entry | None:
        place = self.book.entry_of.get(who)
        return None if place is None else self.book.entries[place]

    def deposit_of(self, who: str) -> int:
        rule = self.rule
        return price.deposit(rule.price, self.head.version, self.newest_of(who), rule.versions_cap)

    def newest_of(self, who: str) -> int:
        newest = self.newest.get(who, 0)
        if newest == 0 and self.ancestor is not None:
            return min(self.ancestor.newest_of(who), self.genesis_version)
        return newest

    def server_of(self, admitted: int) -> str:
        return draw.server(self.owners, self.round.server_offset, admitted)

    @property
    def voters(self) -> int:
        return min(self.rule.voters, self.round.deck)

    def context(self, who: str) -> Context:
        return Context(self.world.chain_id, self.at, self.round.number, who)
