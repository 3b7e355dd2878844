"""Trainers enter, commit and hand in; some copy, or return what was there before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from eth_utils import keccak
from model import EMPTY
from model.state import Entry, State

from histories.servers import CONTENT, sealed_keys
from histories.stage import Call

if TYPE_CHECKING:
    from histories.duties import Duties

SALT = b"salt".rjust(32)


class Trainers:
    def __init__(self, duties: Duties) -> None:
        self.duties = duties
        self.children: dict[tuple[int, str], bytes] = {}  # ids, by round and trainer

    @property
    def state(self) -> State:
        return self.duties.pair.model.state

    def enter(self) -> Iterator[Call]:
        state = self.state
        for who in self.duties.pair.stage.people:
            if state.registry.may_enter(who) and who not in state.book.entry_of:
                hashed = self.duties.context(who).to_secret(self._secret(who))
                hashed = EMPTY if self.duties.deviates() else hashed
                yield Call(who, "enter", (hashed,), state.deposit_of(who) + state.rule.entry_fee)

    def commit(self) -> Iterator[Call]:
        for entry in self.state.book.entries:
            if entry.admitted and entry.child == 0:
                yield Call(entry.trainer, "commit", (self._commitment(entry),))

    def disclose(self) -> Iterator[Call]:
        for child in self.state.book.children:
            entry = self.state.book.entries[child.entry]
            if entry.secret_hash != EMPTY:
                yield Call(entry.trainer, "disclose", (self._secret(entry.trainer),))

    def hand_in(self) -> Iterator[Call]:
        state = self.state
        for child in state.book.children:
            if child.id == EMPTY:
                who = state.book.entries[child.entry].trainer
                id = self.children.get((state.round.number, who), EMPTY)
                keys = sealed_keys(state.round.seats, self.duties)
                yield Call(who, "hand_in", (id, CONTENT, SALT, keys))

    def _secret(self, who: str) -> bytes:
        return keccak(text=f"{self.state.round.number} {who}")

    def _commitment(self, entry: Entry) -> bytes:
        """Return a commitment: sometimes to an old child, none, or another's; or another's commitment."""
        state, random, deviates = self.state, self.duties.random, self.duties.deviates
        who, number = entry.trainer, state.round.number
        id = keccak(text=f"child {state.at} {number} {who}")
        if deviates():
            old = random.choice([[*state.heads.values()], [*state.child_of], [*self.children.values()]])
            id = random.choice(old or [EMPTY])
        self.children[number, who] = id
        if deviates():
            return random.choice([EMPTY, *(child.commitment for child in state.book.children)])
        return self.duties.context(who).to_child(id, SALT)
