"""The vote on the pool, and the election of the head."""

from __future__ import annotations

from collections.abc import Sequence

from derelay.rules.minting import counted, minted, parts
from derelay.rules.phases import Candidate, Phase
from derelay.rules.pool import Ballot, Elected, elect, members
from derelay.rules.verdict import Outcome, Seat, Verdict, lower_end
from model.state import OLD, Child, Head, State
from model.testing import is_score
from model.world import NOBODY, require


class Election:
    def __init__(self, state: State) -> None:
        self.state = state

    def vote(self, sender: str, pool: bytes, passed: bytes, scores: Sequence[int]) -> None:
        state, book = self.state, self.state.book
        require(state.round.phase == Phase.POOL, "not the time to vote")
        card = book.card_of.get(sender)
        require(card is not None and card < state.voters, "not a voter")
        assert card is not None
        require(card not in book.ballots, "voted already")
        require(all(map(is_score, scores)), "vote without a score")
        first, second, third = scores
        book.ballots[card] = Ballot((pool, passed), (first, second, third))
        state.log("Voted", state.round.number, sender, pool, passed, tuple(scores))

    def elect(self) -> None:
        """Elect the head; mint for who made it, and pay royalties to who made those before."""
        state, round = self.state, self.state.round
        elected = self._winner() if state.pool else None
        if elected is None:
            self._pay_royalty(0)
            state.log("HeadKept", round.number, state.head.id)
            return
        round.elected = elected.candidate + 1
        lower = lower_end(Seat(elected.gain, elected.error), state.rule.z_mint)
        minted_now = self._pay(elected.candidate, minted(lower, state.rule.g_ref))
        version = state.head.version + 1
        state.head = Head(elected.id, version, round.number)
        state.heads[version] = elected.id
        state.child_of.setdefault(elected.id, OLD)
        for owner in state.owners:
            if (elected.id, owner) in state.holds:
                state.newest[owner] = version
        told = (elected.id, version, elected.candidate, elected.gain, elected.error, minted_now)
        state.log("HeadChanged", round.number, *told)

    def _winner(self) -> Elected | None:
        state, round, rule = self.state, self.state.round, self.state.rule
        best = state.book.children[state.pool[0]]
        return elect(
            [state.book.ballots.get(card) for card in range(state.voters)],
            best.id,
            Outcome(Verdict(best.verdict), best.gain, best.error),
            any_passed=any(self._passed()),
            g_head=rule.g_head,
            clip=rule.clip,
            vote_trim=rule.vote_trim,
            taken=frozenset(id for id, (number, _) in state.child_of.items() if number != round.number),
        )

    def _pay(self, candidate: Candidate, coins: int) -> int:
        """Pay the makers of the new head and who served them; return the coins minted."""
        state, rule = self.state, self.state.rule
        makers = [state.book.children[i] for i in members(candidate, state.pool, self._passed())]
        entries = [state.book.entries[child.entry] for child in makers]
        pool = counted([state.book.children[i].gain for i in state.pool], rule.g_min)
        gains = members(candidate, pool, self._passed())
        earned = parts(coins, rule.trainers_share, gains)
        served = [
            part if entry.server != NOBODY else 0
            for part, entry in zip(parts(coins, rule.servers_share, gains), entries, strict=True)
        ]
        direct = sum(earned) + sum(served)
        minted_now = direct + self._pay_royalty(coins - direct)
        state.accounts.age(state.at)
        state.owners = [entry.trainer for entry in entries]
        for entry, by_training, by_serving in zip(entries, earned, served, strict=True):
            self._reward(entry.trainer, by_training, by_training, is_serving=False)
            if by_serving > 0:
                self._reward(entry.server, by_serving, 0, is_serving=True)
        return minted_now

    def _pay_royalty(self, coins: int) -> int:
        """Share coins and what was forfeited among the earlier contributors; return the coins minted."""
        state = self.state
        native, state.forfeits = state.forfeits, 0
        if native + coins == 0:
            return 0
        state.world.move(state.at, state.accounts.at, native)
        return state.accounts.pay_royalty(state.at, coins, native)

    def _reward(self, who: str, coins: int, weight: int, *, is_serving: bool) -> None:
        state = self.state
        state.accounts.reward(state.at, who, coins, weight)
        state.log("Earned", state.round.number, who, coins, is_serving)

    def _passed(self) -> list[bool]:
        children: list[Child] = self.state.book.children
        return [children[i].verdict == Verdict.PASS for i in self.state.pool]
