"""Children: committed, drawn testers for, handed in."""

from __future__ import annotations

from collections.abc import Sequence

from derelay.rules import draw
from derelay.rules.phases import Phase
from model.grants import SEALED, Grants
from model.state import Child, State
from model.world import EMPTY, require


class Children:
    def __init__(self, state: State, grants: Grants) -> None:
        self.state, self.grants = state, grants

    def commit(self, sender: str, commitment: bytes) -> None:
        state, round = self.state, self.state.round
        require(round.phase == Phase.TRAIN, "not the time to commit")
        entry = state.entry_of(sender)
        require(entry is not None and entry.admitted > 0, "not admitted")
        assert entry is not None
        require(entry.child == 0, "committed already")
        require(commitment != EMPTY, "empty commitment to a child")
        child = round.children
        state.book.children.append(Child(state.book.entry_of[sender], commitment))
        round.children = entry.child = child + 1
        state.log("Committed", round.number, sender, child, commitment)

    def disclose(self, sender: str, secret: bytes) -> None:
        state, round = self.state, self.state.round
        require(round.phase == Phase.DISCLOSE, "not the time to disclose")
        entry = state.entry_of(sender)
        require(entry is not None and entry.child > 0, "nothing to disclose for")
        assert entry is not None
        require(state.context(sender).to_secret(secret) == entry.secret_hash, "wrong secret")
        entry.secret_hash = EMPTY
        state.book.secrets.append(secret)
        round.secrets ^= int.from_bytes(secret, "big")
        round.disclosed += 1
        state.log("Disclosed", round.number, sender, secret)

    def close_disclosure(self, sender: str) -> None:
        round = self.state.round
        if not self._all_disclosed:
            round.pivot = self.state.world.height + 1
        self.state.begin(Phase.DRAW if round.disclosed else Phase.JUDGE, sender)

    def advance(self, sender: str, steps: int) -> None:
        state, round, book = self.state, self.state.round, self.state.book
        if not self._all_disclosed and not state.pivot_is_known():
            return
        if round.cursor == 0:
            self._draw()
        seats = round.children * round.seats
        training = {entry.trainer for entry in book.entries if entry.admitted}
        for _ in range(steps):
            if round.deck == seats or round.cursor == round.maintainers:
                break
            tester = book.shuffled[round.cursor]
            round.cursor += 1
            if tester not in training:
                state.log("Drawn", round.number, tester, round.deck)
                book.deck.append(tester)
                book.card_of[tester] = round.deck
                round.deck += 1
                state.accounts.pause(state.at, tester)
        if round.deck == seats or round.cursor == round.maintainers:
            dealt = draw.deal(round.seed, state.registry.maintainers, training, seats)
            assert book.deck == dealt, "dealt a few at a time or at once, a deck is the same"
            state.begin(Phase.SEAL, sender)

    def hand_in(self, sender: str, id: bytes, content: bytes, salt: bytes, keys: Sequence[bytes]) -> None:
        state, round, book = self.state, self.state.round, self.state.book
        require(round.phase == Phase.SEAL, "not the time to hand in")
        entry = state.entry_of(sender)
        require(entry is not None and entry.child > 0, "no commitment")
        assert entry is not None
        require(entry.secret_hash == EMPTY, "secret withheld")
        number = entry.child - 1
        child = book.children[number]
        require(state.context(sender).to_child(id, salt) == child.commitment, "child other than committed")
        require(id not in state.child_of, "baton seen before")
        require(len(keys) == round.seats, "a key for each seat")
        require(all(len(key) == SEALED for key in keys), "sealed key of other length")
        state.child_of[id] = (round.number, number)
        child.id, child.content = id, content
        state.holds.add((id, sender))
        state.log("HandedIn", round.number, sender, id, number, content)
        for card, key in zip(draw.committee(number, round.seats, round.deck), keys, strict=True):
            self.grants.record(sender, id, content, book.deck[card], key)

    @property
    def _all_disclosed(self) -> bool:
        return self.state.round.disclosed == self.state.round.children

    def _draw(self) -> None:
        """Fix the seed: if somebody withheld a secret, with one more hash that nobody could foresee."""
        state, round, book = self.state, self.state.round, self.state.book
        again = EMPTY if self._all_disclosed else state.world.block_hash(round.pivot)
        round.seed = draw.draw_seed(round.seed, book.secrets, again)
        maintainers = state.registry.maintainers
        book.shuffled = draw.deal(round.seed, maintainers, (), len(maintainers))
