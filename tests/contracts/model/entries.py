"""Entering a round, and who is admitted."""

from __future__ import annotations

from derelay.rules import draw
from derelay.rules.phases import Phase
from model.state import FROM_DEPOSIT, Entry, State
from model.world import EMPTY, require


class Entries:
    def __init__(self, state: State) -> None:
        self.state = state

    def enter(self, sender: str, secret_hash: bytes, value: int) -> None:
        state, round = self.state, self.state.round
        require(round.phase == Phase.ENTER, "not the time to enter")
        require(secret_hash != EMPTY, "empty hash of a secret")
        require(state.registry.may_enter(sender), "no full bond")
        require(sender not in state.book.entry_of, "entered already")
        require(round.entries < state.rule.max_entries, "full")
        deposit = state.deposit_of(sender)
        require(value == deposit + state.rule.entry_fee, "wrong deposit")
        maintains = state.registry.maintains(sender)
        require(not maintains or round.maintainers > state.rule.min_seats, "needed as a tester")
        state.book.entry_of[sender] = round.entries
        state.book.entries.append(Entry(sender, deposit, secret_hash))
        round.entries += 1
        round.cursor += maintains
        state.log("Entered", round.number, sender, deposit)

    def close(self, sender: str) -> None:
        round, rule = self.state.round, self.state.rule
        round.places, round.seats = draw.places(
            round.entries,
            round.cursor,
            round.maintainers,
            seats=rule.seats,
            load=rule.load,
            min_seats=rule.min_seats,
        )
        round.pivot = self.state.world.height + 1
        self.state.begin(Phase.ADMIT if round.entries else Phase.REST, sender)

    def advance(self, sender: str, steps: int) -> None:
        round = self.state.round
        if not self.state.pivot_is_known():
            return
        if round.cursor == 0:
            self._draw()
        stop = min(round.cursor + steps, round.entries)
        for i in range(round.cursor, stop):
            self._admit(i)
        round.cursor = stop
        if stop == round.entries:
            self.state.begin(Phase.TRAIN if round.admitted else Phase.REST, sender)

    def _draw(self) -> None:
        round, book = self.state.round, self.state.book
        round.seed = self.state.world.block_hash(round.pivot)
        round.server_offset = draw.word(round.seed, round.entries) % len(self.state.owners)
        book.admitted = draw.admit(round.seed, round.entries, round.places)

    def _admit(self, i: int) -> None:
        state, round = self.state, self.state.round
        entry = state.book.entries[i]
        if i in state.book.admitted:
            round.admitted += 1
            entry.admitted = round.admitted
            state.log("Admitted", round.number, entry.trainer, state.server_of(entry.admitted))
        else:
            state.credit(entry.trainer, entry.deposit + state.rule.entry_fee, FROM_DEPOSIT)
            state.log("TurnedAway", round.number, entry.trainer)
