"""Testers commit to scores and reveal them; voters name and score the candidates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from eth_utils import keccak
from model import EMPTY
from model.state import State

from derelay.rules import draw
from derelay.rules.phases import Candidate
from derelay.rules.pool import members
from derelay.rules.score import UNAVAILABLE
from derelay.rules.verdict import Verdict
from histories.opinions import Opinions
from histories.stage import Call
from histories.trainers import SALT

if TYPE_CHECKING:
    from histories.duties import Duties


class Testers:
    def __init__(self, duties: Duties) -> None:
        self.duties = duties
        self.opinions = Opinions(duties.random, duties.pair.model.terms.parameters)
        self.words: dict[tuple[int, str], list[int]] = {}  # as committed, by round and tester

    @property
    def state(self) -> State:
        return self.duties.pair.model.state

    def score(self) -> Iterator[Call]:
        state, round = self.state, self.state.round
        for card, who in enumerate(state.book.deck):
            if who not in state.book.committed:
                seats = draw.seats_of(card, round.children, round.seats, round.deck)
                words = [self._word(child) for child, _ in seats]
                if self.duties.deviates():
                    wrong = [words[1:], [*words, UNAVAILABLE], [2, *words[1:]]]
                    words = self.duties.random.choice(wrong)
                self.words[round.number, who] = words
                commitment = self.duties.context(who).to_scores(words, SALT)
                yield Call(who, "score", (EMPTY if self.duties.deviates() else commitment,))

    def reveal(self) -> Iterator[Call]:
        book = self.state.book
        for who in book.committed:
            words = self.words.get((self.state.round.number, who))
            if who not in book.revealed and words is not None:
                yield Call(who, "reveal", (words[1:] if self.duties.deviates() else words, SALT))

    def vote(self) -> Iterator[Call]:
        """Vote: all of one mind, or some of another."""
        state, random = self.state, self.duties.random
        minds = [self._names(), self._names()]
        dissent = random.choice([0.0, 0.0, 0.2, 0.4])
        for card, who in enumerate(state.book.deck):
            is_voter = card < state.voters or self.duties.deviates()
            if is_voter and card not in state.book.ballots:
                names = minds[random.random() < dissent]
                scores = [self.opinions.of_candidate((state.round.number, slot)) for slot in Candidate]
                if self.duties.deviates():
                    scores[random.randrange(3)] = random.choice([0, 2])
                yield Call(who, "vote", (*names, scores))

    def _word(self, child: int) -> int:
        is_there = self.state.book.children[child].id != EMPTY
        return self.opinions.of((self.state.round.number, child)) if is_there else UNAVAILABLE

    def _names(self) -> tuple[bytes, bytes]:
        """Return ids for the two averages: as every voter computes them; or any, seen before or never."""
        state, random = self.state, self.duties.random
        here = [child.id for child in state.book.children if child.id != EMPTY]
        if random.random() < 0.3:
            seen = random.choice([[*state.child_of], here, [random.randbytes(32)]])
            return random.choice(seen), random.choice(seen)
        passed = [state.book.children[i].verdict == Verdict.PASS for i in state.pool]
        names = []
        for candidate in (Candidate.POOLED, Candidate.PASSED):
            ids = [state.book.children[i].id for i in members(candidate, state.pool, passed)]
            names.append(ids[0] if len(ids) == 1 else keccak(b"".join(sorted(ids))) if ids else EMPTY)
        return names[0], names[1]
