"""Testing: scores, their reveal, and the verdicts."""

from __future__ import annotations

from collections.abc import Sequence

from derelay.rules import draw, fees
from derelay.rules.parameters import VOTE_FEES
from derelay.rules.phases import Phase
from derelay.rules.pool import pooled
from derelay.rules.score import ABSENT, UNAVAILABLE, unpack
from derelay.rules.verdict import Outcome, Verdict, verdict
from model.state import FROM_DEPOSIT, Entry, State
from model.world import EMPTY, require

VOID = 0
"""The contract's word for an entry that was granted nothing."""
MISSING = Outcome(Verdict.MISSING, 0, 0)


def is_score(word: int) -> bool:
    try:
        return word == UNAVAILABLE or unpack(word) is not None
    except ValueError:
        return False


class Testing:
    def __init__(self, state: State) -> None:
        self.state = state

    def score(self, sender: str, commitment: bytes) -> None:
        state, book = self.state, self.state.book
        require(state.round.phase == Phase.SCORE, "not the time to score")
        require(sender in book.card_of, "not drawn")
        require(sender not in book.committed, "scored already")
        require(commitment != EMPTY, "empty commitment to scores")
        book.committed[sender] = commitment
        state.log("ScoresCommitted", state.round.number, sender)

    def reveal(self, sender: str, scores: Sequence[int], salt: bytes) -> None:
        state, round, book = self.state, self.state.round, self.state.book
        require(round.phase == Phase.REVEAL, "not the time to reveal")
        require(sender not in book.revealed, "revealed already")
        opened = state.context(sender).to_scores(scores, salt)
        require(opened == book.committed.get(sender), "scores other than committed")
        seats = draw.seats_of(book.card_of[sender], round.children, round.seats, round.deck)
        for i, word in enumerate(scores):
            require(i < len(seats), "too many scores")
            require(is_score(word), "word is no score")
        require(len(scores) == len(seats), "too few scores")
        book.revealed.add(sender)
        for (child, place), word in zip(seats, scores, strict=True):
            book.scores[child * round.seats + place] = word
        state.log("ScoresRevealed", round.number, sender, tuple(scores))

    def judge(self, sender: str, steps: int) -> None:
        state, round, book = self.state, self.state.round, self.state.book
        stop = min(round.cursor + steps, round.entries)
        for entry in book.entries[round.cursor : stop]:
            book.outcomes.append(self._judge(entry) if entry.admitted else None)
        children = [entry.child - 1 for entry in book.entries]
        state.pool = [children[i] for i in pooled(book.outcomes, state.rule.pool_size)]
        round.cursor = stop
        if stop == round.entries:
            state.begin(Phase.POOL if state.pool else Phase.SETTLE, sender)

    def _judge(self, entry: Entry) -> Outcome | None:
        state, rule = self.state, self.state.rule
        outcome: Outcome | None = MISSING
        verdict, id, spent, returned, forfeited = int(Verdict.MISSING), EMPTY, 0, 0, entry.deposit
        if entry.child > 0:
            child = state.book.children[entry.child - 1]
            id = child.id
            if id != EMPTY:
                outcome, spent = self._measure(entry.child - 1)
            assert outcome is not None
            child.verdict, child.gain, child.error = outcome.verdict, outcome.gain, outcome.se
            verdict = outcome.verdict
            forfeited = fees.forfeit(outcome.verdict, entry.deposit, rule.undecided_share)
            returned = entry.deposit - forfeited
            state.votes += VOTE_FEES * rule.seat_fee
            spent += VOTE_FEES * rule.seat_fee
        elif (state.head.id, entry.trainer) not in state.holds:
            outcome, verdict = None, VOID
            forfeited, returned, spent = 0, entry.deposit + rule.entry_fee, rule.entry_fee
        state.purse += rule.entry_fee - spent
        burned = fees.burned(forfeited, rule.burned_share) if id != EMPTY else 0
        state.burned += burned
        state.forfeits += forfeited - burned
        state.credit(entry.trainer, returned, FROM_DEPOSIT)
        gain, error = (outcome.gain, outcome.se) if outcome else (0, 0)
        told = (entry.trainer, id, verdict, gain, error, returned, forfeited)
        state.log("Judged", state.round.number, *told)
        return outcome

    def _measure(self, child: int) -> tuple[Outcome, int]:
        """Return the verdict on a child, and what its seats are paid together."""
        book, round, rule = self.state.book, self.state.round, self.state.rule
        first = child * round.seats
        words = [book.scores.get(first + j, ABSENT) for j in range(round.seats)]
        outcome = verdict(
            [unpack(word) for word in words],
            words.count(UNAVAILABLE),
            g_min=rule.g_min,
            clip=rule.clip,
            trim=rule.trim,
            z_pass=rule.z_pass,
            z_fail=rule.z_fail,
        )
        agreeing = [j for j, word in enumerate(words) if fees.agrees(word, outcome.verdict, rule.g_min)]
        for j in agreeing:
            book.fees[(first + j) % round.deck] += rule.seat_fee
        return outcome, len(agreeing) * rule.seat_fee
