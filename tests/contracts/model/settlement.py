"""The settlement: testers are paid, slashed and released, card by card; the purse keeps what it needs."""

from __future__ import annotations

from derelay.rules import fees
from derelay.rules.phases import Candidate, Phase
from derelay.rules.score import unpack
from model.election import Election
from model.state import FROM_TESTING, State
from model.world import NOBODY


class Settlement:
    def __init__(self, state: State, election: Election) -> None:
        self.state, self.election = state, election

    def advance(self, sender: str, steps: int) -> None:
        state, round = self.state, self.state.round
        start = 0
        if round.cursor == 0:
            self.election.elect()
        else:
            start = round.cursor - 1
        stop = min(start + steps, round.deck)
        for card in range(start, stop):
            self._settle(card)
        round.cursor = stop + 1
        if stop == round.deck:
            funds = state.purse + state.votes
            spare = fees.spare(funds, state.rule.closing_fee)
            state.votes = 0
            state.purse = funds - spare
            state.forfeits += spare
            state.world.move(state.at, NOBODY, state.burned)
            state.burned = 0
            state.begin(Phase.REST, sender)

    def _settle(self, card: int) -> None:
        state, round, book = self.state, self.state.round, self.state.book
        tester = book.deck[card]
        fee = book.fees[card]
        silent = tester not in book.revealed
        if card < state.voters and state.pool:
            share = self._vote(card, tester)
            state.votes -= share
            fee += share
            silent = silent or card not in book.ballots
        if (state.head.id, tester) in state.holds:
            state.newest[tester] = state.head.version
        slashed = 0
        if silent:
            slashed = state.registry.slash(state.at, tester, self._slash(tester))
            state.forfeits += slashed
        state.credit(tester, fee, FROM_TESTING)
        state.accounts.resume(state.at, tester)
        state.log("TesterSettled", round.number, tester, fee, slashed)

    def _slash(self, tester: str) -> int:
        rule = self.state.rule
        return fees.slashed(rule.slash, rule.price, self.state.book.gained[tester], rule.versions_cap)

    def _vote(self, card: int, tester: str) -> int:
        """Return the fee of a vote that measured the head elected (the best child, if the old one stays)."""
        state, round = self.state, self.state.round
        ballot = state.book.ballots.get(card)
        slot = Candidate(round.elected - 1) if round.elected else Candidate.BEST
        if ballot is None or unpack(ballot.scores[slot]) is None:
            return 0
        if slot is not Candidate.BEST:
            if ballot.names[slot] != state.head.id:
                return 0
            state.holds.add((state.head.id, tester))
        return fees.vote_fee(round.children, state.rule.seat_fee, state.voters)
