"""An auditor's books: what each contract must hold, kept from the events and from `derelay.rules` alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from derelay.chain.contract import Event
from derelay.rules import draw, fees
from derelay.rules.score import ABSENT
from derelay.rules.verdict import Verdict

if TYPE_CHECKING:
    from harness.relay import Relay

DUST = 10**6
"""Wei, and units of 1e-18 coin, that roundings of the royalty may leave behind in a test's lifetime."""
_VOID = 0


class Books:
    """Money that is in the relay's hands, by what it is there for."""

    def __init__(self, relay: Relay) -> None:
        self.relay = relay
        self.bonds: dict[str, int] = {}
        self.entries: dict[str, int] = {}  # trainer -> deposit and fee, until settled
        self.settled: list[tuple[int, str]] = []
        self.fees = 0  # of seats, until their testers are paid
        self.words: dict[int, int] = {}  # seat -> score
        self.children: list[str] = []
        self.credited = 0
        self.withdrawn = 0

    def take(self, events: Iterable[Event]) -> None:
        """Book what happened."""
        for event in events:
            handler = getattr(self, f"_{event.name}", None)
            if handler is not None:
                handler(**event.values)

    def audit(self) -> None:
        """Compare the books with what the contracts hold."""
        relay, machine = self.relay, self.relay.machine
        assert machine.balance(relay.registry.address) == sum(self.bonds.values()), "bonds"
        held = sum(relay.rounds.read("money")) + sum(self.entries.values()) + self.fees
        assert machine.balance(relay.rounds.address) == held, "rounds"
        owed = [relay.owed(who) for who in relay.people]
        waiting = relay.accounts.read("unallocated")
        native = machine.balance(relay.accounts.address) - waiting - sum(native for native, _ in owed)
        assert 0 <= native <= DUST, f"accounts: {native}"
        coins = relay.coin.read("balanceOf", relay.accounts.address) - sum(coins for _, coins in owed)
        assert 0 <= coins <= DUST, f"coins: {coins}"

    def _Registered(self, who: str, bond: int, **_: Any) -> None:  # noqa: N802
        self.bonds[who] = bond

    def _BondRaised(self, who: str, bond: int) -> None:  # noqa: N802
        self.bonds[who] = bond

    def _Slashed(self, who: str, amount: int) -> None:  # noqa: N802
        self.bonds[who] -= amount

    def _Left(self, who: str, bond: int) -> None:  # noqa: N802
        assert self.bonds.pop(who) == bond

    def _Entered(self, trainer: str, deposit: int, **_: Any) -> None:  # noqa: N802
        self.entries[trainer] = deposit + self.relay.parameters.entry_fee

    def _TurnedAway(self, trainer: str, round: int) -> None:  # noqa: N802
        self.settled.append((round, trainer))
        del self.entries[trainer]

    def _PhaseChanged(self, phase: int, **_: Any) -> None:  # noqa: N802
        if phase == 1:
            self.words, self.children = {}, []

    def _Committed(self, trainer: str, **_: Any) -> None:  # noqa: N802
        self.children.append(trainer)

    def _ScoresRevealed(self, tester: str, scores: tuple[int, ...], **_: Any) -> None:  # noqa: N802
        state = self.relay.round
        card = next(i for i, card in enumerate(self.relay.deck()) if card.tester == tester)
        seats = draw.seats_of(card, state.children, state.seats, state.deck)
        for (child, place), word in zip(seats, scores, strict=True):
            self.words[child * state.seats + place] = word

    def _Judged(self, trainer: str, round: int, id: bytes, verdict: int, **_: Any) -> None:  # noqa: N802
        self.settled.append((round, trainer))
        del self.entries[trainer]
        if verdict == _VOID or not any(id):
            return
        seats = self.relay.round.seats
        first = self.children.index(trainer) * seats
        for seat in range(first, first + seats):
            word = self.words.get(seat, ABSENT)
            if fees.agrees(word, Verdict(verdict), self.relay.parameters.g_min):
                self.fees += self.relay.parameters.seat_fee

    def _TesterSettled(self, fee: int, tester: str, **_: Any) -> None:  # noqa: N802
        relay = self.relay
        state = relay.round
        per_vote = fees.vote_fee(
            state.children, relay.parameters.seat_fee, min(relay.parameters.voters, state.deck)
        )
        seats = self.seat_fees_of(tester)
        assert fee in (seats, seats + per_vote)
        self.fees -= seats

    def seat_fees_of(self, tester: str) -> int:
        """Return what a tester has earned by its seats in this round."""
        relay, state = self.relay, self.relay.round
        card = next(i for i, card in enumerate(relay.deck()) if card.tester == tester)
        children = relay.children()
        total = 0
        for child, place in draw.seats_of(card, state.children, state.seats, state.deck):
            judged = children[child]
            word = self.words.get(child * state.seats + place, ABSENT)
            if judged.is_handed_in and fees.agrees(word, Verdict(judged.verdict), relay.parameters.g_min):
                total += relay.parameters.seat_fee
        return total
