"""What the contracts say at one block, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from eth_typing import ChecksumAddress

from derelay.rules import draw
from derelay.rules.parameters import Parameters
from derelay.rules.phases import WINDOWS, Phase
from derelay.rules.verdict import Verdict

MOST_ROUNDS = 1 << 63
"""Rounds are fewer: it is what a journal can count."""


@dataclass(frozen=True)
class Round:
    """The current round; the fields are those of the contract's struct."""

    number: int
    phase: Phase
    opened_at: int
    opened_block: int
    pivot: int
    cursor: int
    maintainers: int
    entries: int
    places: int
    admitted: int
    seats: int
    children: int
    disclosed: int
    deck: int
    server_offset: int
    secrets: int
    seed: bytes
    elected: int


@dataclass(frozen=True)
class Head:
    """The head: its id, its version, the round that elected it."""

    id: bytes
    version: int
    round: int


@dataclass(frozen=True)
class Entry:
    """A trainer's entry; ``admitted`` and ``child`` count from one, zero for none.

    ``secret_hash`` is zero once the secret is disclosed.
    """

    trainer: ChecksumAddress
    deposit: int
    secret_hash: bytes
    admitted: int
    child: int
    server: ChecksumAddress

    @property
    def has_disclosed(self) -> bool:
        """Whether its trainer opened its secret: who did not cannot hand in."""
        return not any(self.secret_hash)


@dataclass(frozen=True)
class Child:
    """A child: committed, handed in (``id`` not zero), judged (``verdict`` not zero)."""

    entry: int
    commitment: bytes
    id: bytes
    content: bytes
    verdict: int
    gain: int
    error: int

    @property
    def is_handed_in(self) -> bool:
        """Whether its trainer opened the commitment."""
        return any(self.id)

    @property
    def passed(self) -> bool:
        """Whether the verdict is a pass."""
        return self.verdict == Verdict.PASS


@dataclass(frozen=True)
class Card:
    """A drawn tester, and what it has done."""

    tester: ChecksumAddress
    scored: bool
    revealed: bool
    voted: bool


@dataclass(frozen=True)
class View:
    """A relay as of one block."""

    height: int
    now: int
    parameters: Parameters = field(repr=False)
    round: Round
    head: Head
    owners: tuple[ChecksumAddress, ...]
    pool: tuple[int, ...]
    entries: tuple[Entry, ...]
    children: tuple[Child, ...]
    deck: tuple[Card, ...]

    @property
    def phase(self) -> Phase:
        """The phase of the round."""
        return self.round.phase

    def entry_of(self, who: ChecksumAddress) -> Entry | None:
        """Return the entry of ``who`` in this round."""
        return next((entry for entry in self.entries if entry.trainer == who), None)

    def card_of(self, who: ChecksumAddress) -> int | None:
        """Return the card of ``who`` in this round, counted from zero."""
        return next((i for i, card in enumerate(self.deck) if card.tester == who), None)

    def server_of(self, entry: Entry) -> ChecksumAddress:
        """Return the owner assigned to an admitted trainer."""
        return draw.server(self.owners, self.round.server_offset, entry.admitted)  # type: ignore[return-value]

    def testers_of(self, child: int) -> list[ChecksumAddress]:
        """Return the testers of a child in the order of its seats."""
        return [self.deck[i].tester for i in draw.committee(child, self.round.seats, self.round.deck)]

    def children_of(self, card: int) -> list[int]:
        """Return the children of each seat of a card."""
        seats = draw.seats_of(card, self.round.children, self.round.seats, self.round.deck)
        return [child for child, _ in seats]

    @property
    def voters(self) -> tuple[Card, ...]:
        """The committee that votes on the pool."""
        return self.deck[: self.parameters.voters]

    @cached_property
    def window(self) -> int | None:
        """Place of the phase's window in the parameters; None for a step."""
        return WINDOWS.index(self.phase) if self.phase in WINDOWS else None

    @property
    def closes_at(self) -> tuple[int, int] | None:
        """Time and height from which anyone may close the current window; None for a step."""
        return self.mark(1, 1)

    @property
    def is_second_half(self) -> bool:
        """Whether half of the window is over: any holder may serve from then on."""
        return self._is_over(1, 2)

    @property
    def is_last_quarter(self) -> bool:
        """Whether three quarters of the window are over: who waits for others goes on without them."""
        return self._is_over(3, 4)

    def _is_over(self, part: int, of: int) -> bool:
        mark = self.mark(part, of)
        return mark is not None and self.now >= mark[0] and self.height >= mark[1]

    def mark(self, part: int, of: int) -> tuple[int, int] | None:
        """Return the time and the height at which a part of the window is over; None for a step."""
        if self.window is None:
            return None
        return (
            self.round.opened_at + self.parameters.window_seconds[self.window] * part // of,
            self.round.opened_block + self.parameters.window_blocks[self.window] * part // of,
        )

    def contradiction(self) -> str | None:
        """Say in what the answers that this was read from cannot belong together; None if they can."""
        state, children, deck = self.round, len(self.children), len(self.deck)
        is_drawn = self.phase in (Phase.SEAL, Phase.SCORE, Phase.REVEAL, Phase.POOL)
        for holds, reason in (
            (self.owners, "there is no owner"),
            (state.number < MOST_ROUNDS, f"round {state.number}"),
            (state.children == children, f"{state.children} children, {children} of them listed"),
            (all(child.entry < len(self.entries) for child in self.children), "a child of no entry"),
            (
                self.phase is not Phase.POOL or all(place < children for place in self.pool),
                "an unknown child in the pool",
            ),
            (not is_drawn or state.deck == deck, f"{state.deck} testers drawn, {deck} of them listed"),
            (not is_drawn or 0 < state.seats <= deck, f"{state.seats} seats for {deck} testers"),
        ):
            if not holds:
                return reason
        return None
