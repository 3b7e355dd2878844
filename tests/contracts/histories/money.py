"""Invariants of money, in the contracts' own terms: what they hold, say and log; none asks the model."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from model import EMPTY, NOBODY, Event

from derelay.contracts import NAMES
from derelay.rules import draw, fees
from derelay.rules.minting import minted
from derelay.rules.phases import Phase
from derelay.rules.score import ABSENT
from derelay.rules.verdict import Seat, Verdict, lower_end
from histories.census import HAS
from histories.pair import Pair

VOID = 0
"""The contract's word for an entry that was granted nothing."""


class Money:
    """What is in the hands of a relay, and for whom; booked from the events that the contracts log."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self.rule = pair.model.terms.parameters
        self.bonds: dict[str, int] = {}
        self.entries: dict[str, int] = {}  # trainer -> deposit and fee, until they are settled
        self.children: list[str] = []
        self.deck: list[str] = []
        self.settled = 0  # cards of the deck
        self.words: dict[int, int] = {}  # seat -> score
        self.fees: Counter[int] = Counter()  # card -> what its seats have earned
        self.native: defaultdict[str, int] = defaultdict(int)  # credited and earned, less withdrawn
        self.coins: defaultdict[str, int] = defaultdict(int)
        self.royalty = [0, 0]  # paid, less earned: native currency and coins
        self.minted = self.burned = self.most_coins = 0
        self.given = 0  # coins sent to the accounts, which nobody will ever get
        self.forced: Counter[str] = Counter()  # upon the contracts, which nobody will ever get
        self.lost = 0  # most weight that rounding may have taken from all, or added to their total
        self.dust = [0, 0]  # most wei and coins that rounding may have left behind

    # ---- what must hold after every call

    def check_conservation(self) -> None:
        """Native currency held = bonds + deposits + fees + credits outstanding; coins = minted − burned."""
        people, rest = self._census()
        coin, accounts, registry, rounds, coins_waiting, supply, *kept, unallocated = rest[:11]
        coin, accounts, registry, rounds = (
            held - self.forced[name]
            for name, held in zip(NAMES, (coin, accounts, registry, rounds), strict=True)
        )
        assert coin == 0, "the coin holds native currency"
        assert registry == sum(self.bonds.values()) == sum(each[4] for each in people), "bonds"
        waiting = sum(self.entries.values()) + sum(self.fees.values())
        assert rounds == sum(kept) + waiting, "deposits and fees"
        owed = sum(each[1] for each in people), sum(each[2] for each in people)
        left = accounts - unallocated - owed[0], coins_waiting - self.given - owed[1]
        for dust, most in zip(left, self.dust, strict=True):
            assert 0 <= dust <= most, f"credits: {dust} are left, which is not within 0 to {most}"
        astray = sum(
            self.pair.read("coin", "balanceOf", self.pair.at[who])[0] for who in ("registry", "rounds")
        )
        held = sum(each[3] for each in people) + astray + coins_waiting
        assert supply == self.minted - self.burned == held, "coins"

    def check_once(self) -> None:
        """What one was credited it withdraws once, and royalties pay no more than was paid in."""
        people, _ = self._census()
        claims = [0, 0]
        for who, each in zip(self.pair.stage.everybody, people, strict=True):
            claim = each[1] - self.native[who], each[2] - self.coins[who]
            assert min(claim) >= 0, f"{who} is owed less than it was credited"
            claims = [claims[0] + claim[0], claims[1] + claim[1]]
        assert claims[0] <= self.royalty[0], "more royalties are owed than were paid"
        assert claims[1] <= self.royalty[1], "more coins are owed than were minted"
        if self.pair.current("phase") == Phase.REST:
            assert not self.entries, f"never settled: {self.entries}"
            assert self.settled == len(self.deck), f"neither paid nor slashed: {self.deck[self.settled :]}"

    def check_coins(self) -> None:
        """Coins ≤ Σ min(1, G / g_ref) over the heads."""
        assert self.minted <= self.most_coins, "more coins than improvement"

    def check_end(self) -> None:
        """When all have left with what is theirs, what stays is the purse, what was forfeited, and dust."""
        _, (_, _, registry, rounds, _, _, purse, forfeits, *waiting, _, _, _) = self._census()
        kept = registry - self.forced["registry"], rounds - self.forced["rounds"], *waiting
        assert kept == (0, purse + forfeits, 0, 0), "something is kept back"
        people, _ = self._census()
        assert not any(each[1] or each[2] for each in people), "something is owed still"

    def _census(self) -> tuple[list[list[int]], list[int]]:
        words = self.pair.census()
        end = len(self.pair.stage.everybody) * len(HAS)
        return [words[i : i + len(HAS)] for i in range(0, end, len(HAS))], words[end:]

    # ---- what happened; that nothing happens twice

    def take(self, events: Sequence[Event]) -> None:
        """Book what the contracts logged."""
        for _, _, name, values in events:
            match name, values:
                case "Registered", (who, _, _, bond):
                    assert who not in self.bonds, "a bond in the place of another"
                    self.bonds[who] = bond
                case "BondRaised", (who, bond):
                    assert bond >= self.bonds[who]
                    self.bonds[who] = bond
                case "Slashed", (who, amount):
                    self.bonds[who] -= amount
                case "Left", (who, bond):
                    assert self.bonds.pop(who) == bond
                case "Transfer", (sender, receiver, coins):
                    self.minted += coins * (sender == NOBODY)
                    self.burned += coins * (receiver == NOBODY)
                    self.given += coins * (sender != NOBODY and receiver == self.pair.at["accounts"])
                case "Credited", (who, native, _):
                    self.native[who] += native
                case "Rewarded", (who, coins, _):
                    self.coins[who] += coins
                    self._round(1)
                case "RoyaltyPaid", (native, coins, weight):
                    self._pay(native, coins, weight)
                case "RoyaltyEarned", (who, native, coins):
                    self._move(who, native, coins)
                    self.royalty = [self.royalty[0] - native, self.royalty[1] - coins]
                case "Withdrawn", (who, native, coins):
                    self._move(who, -native, -coins)
                    self._round(1)
                case _:
                    self._take_of_round(name, values)

    def _take_of_round(self, name: str, values: tuple) -> None:  # type: ignore[type-arg]
        match name, values:
            case "PhaseChanged", (_, Phase.ENTER, _):
                self.children, self.deck, self.settled = [], [], 0
                self.words, self.fees = {}, Counter()
            case "Entered", (_, trainer, deposit):
                assert trainer not in self.entries
                self.entries[trainer] = deposit + self.rule.entry_fee
            case "TurnedAway", (_, trainer):
                del self.entries[trainer]
            case "Committed", (_, trainer, child, _):
                assert child == len(self.children)
                self.children.append(trainer)
            case "Drawn", (_, tester, card):
                assert card == len(self.deck)
                self.deck.append(tester)
                self._round(1)
            case "ScoresRevealed", (_, tester, scores):
                for (child, place), word in zip(self._seats(tester), scores, strict=True):
                    self.words[child * self._seats_of_child() + place] = word
            case "Judged", (_, trainer, id, verdict, *_):
                del self.entries[trainer]
                if verdict != VOID and id != EMPTY:
                    self._judge(self.children.index(trainer), Verdict(verdict))
            case "TesterSettled", (_, tester, fee, _):
                assert tester == self.deck[self.settled], "cards are settled in their order"
                voters = min(self.rule.voters, len(self.deck))
                by_vote = fee - self.fees.pop(self.settled, 0)
                assert by_vote in (0, fees.vote_fee(len(self.children), self.rule.seat_fee, voters))
                self.settled += 1
                self._round(1)
            case "HeadChanged", (_, _, _, _, gain, error, _):
                lower = lower_end(Seat(gain, error), self.rule.z_mint)
                self.most_coins += minted(lower, self.rule.g_ref)
                self._round(2 + len(self.pair.stage.everybody))

    def _judge(self, child: int, verdict: Verdict) -> None:
        """Owe a fee to each seat that agrees."""
        first = child * self._seats_of_child()
        for seat in range(first, first + self._seats_of_child()):
            if fees.agrees(self.words.get(seat, ABSENT), verdict, self.rule.g_min):
                self.fees[seat % len(self.deck)] += self.rule.seat_fee

    def _seats(self, tester: str) -> list[tuple[int, int]]:
        card = self.deck.index(tester)
        return draw.seats_of(card, len(self.children), self._seats_of_child(), len(self.deck))

    def _seats_of_child(self) -> int:
        return self.pair.current("seats")

    def _move(self, who: str, native: int, coins: int) -> None:
        self.native[who] += native
        self.coins[who] += coins

    def _pay(self, native: int, coins: int, weight: int) -> None:
        self.royalty = [self.royalty[0] + native, self.royalty[1] + coins]
        for kind, amount in enumerate((native, coins)):
            self.dust[kind] += amount * self.lost // max(weight - self.lost, 1) + 1

    def _round(self, times: int) -> None:
        """Count weights and claims that were rounded: each by less than one, and its share of all sums."""
        self.lost += times
        self.dust = [dust + 2 * times for dust in self.dust]
