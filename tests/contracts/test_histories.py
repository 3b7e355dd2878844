"""Whoever stops, at whatever step: random histories, each outcome compared with `derelay.rules`.

After every call the harness audits the books: no wei and no coin appears or vanishes.
"""

from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import chain
from random import Random

import pytest
from eth_utils import keccak
from harness import QUICK, Relay, Round
from harness.rounds import KEY

from derelay.chain.contract import Event
from derelay.rules import draw, fees, minting, price
from derelay.rules.phases import Candidate, Phase
from derelay.rules.pool import Ballot, elect, pooled
from derelay.rules.score import UNAVAILABLE, pack, unpack
from derelay.rules.verdict import Outcome, Seat, Verdict, lower_end, verdict

HISTORIES = 30
ROUNDS = 4


class History:
    """A relay among whimsical participants."""

    def __init__(self, seed: int) -> None:
        self.random = random = Random(seed)
        seats = random.randint(1, 6)
        self.parameters = replace(
            QUICK,
            seats=seats,
            min_seats=random.randint(1, seats),
            load=random.randint(1, 8),
            pool_size=random.randint(1, 8),
            voters=random.randint(seats, 12),
            trim=random.choice([0, 2_000, 10_000]),
            vote_trim=random.choice([0, 4_000, 10_000]),
            undecided_share=random.choice([0, 1000, 10_000]),
            closing_fee=random.choice([0, QUICK.closing_fee, QUICK.price]),
            slash=random.choice([0, 1, QUICK.slash, 10**18]),
            price=random.choice([0, 1, QUICK.price]),
            max_entries=random.randint(1, 12),
        )
        self.relay = Relay(self.parameters)
        self.diligence = random.choice([0.4, 0.85, 1.0])
        for _ in range(random.randint(2, 6)):
            self.relay.join()
        for _ in range(random.randint(3, 9)):
            self.relay.join(maintains=True)
        self.ids = [self.relay.head.id]

    def acts(self) -> bool:
        return self.random.random() < self.diligence

    def anyone(self):
        return self.random.choice(self.relay.people)

    def steps(self) -> int:
        return self.random.choice([1, 2, 256])

    def word(self) -> int:
        g = self.random.choice([-1, 0, 1, 3, 10, 10**6]) * 10**7
        kind = self.random.random()
        return UNAVAILABLE if kind < 0.15 else pack(Seat(g, self.random.choice([0, 10**6, 10**8, 10**30])))

    def meddle(self) -> None:
        """Let someone withdraw, leave, retire or come back between two rounds."""
        relay, who = self.relay, self.anyone()
        place, leaves_at = relay.registry.read("member", who)[3:]
        if self.random.random() < 0.5 and any(relay.owed(who)):
            relay.send(who, "withdraw", to=relay.accounts)
        if who == relay.creator or leaves_at or relay.rounds.read("on_duty", who):
            return
        if relay.rounds.read("frozen") and place:
            return
        whim = self.random.random()
        if whim < 0.05:
            relay.send(who, "leave", to=relay.registry)
        elif whim < 0.15 and place:
            relay.send(who, "retire", to=relay.registry)
        elif whim < 0.3:
            relay.send(who, "raise_bond", value=10**16, to=relay.registry)

    def play(self) -> None:
        relay, random = self.relay, self.random
        while relay.registry.read("maintainer_count") < max(3, self.parameters.min_seats):
            relay.join(maintains=True)
        round = Round(relay)
        entrants = [
            who
            for who in relay.people
            if relay.registry.read("may_enter", who)
            and random.random() < 0.5
            and (
                relay.round.maintainers > self.parameters.min_seats
                or not relay.registry.read("maintains", who)
            )
        ][: self.parameters.max_entries]
        for who in entrants:
            deposit = price.deposit(
                self.parameters.price,
                relay.head.version,
                relay.rounds.read("newest", who),
                self.parameters.versions_cap,
            )
            assert relay.price_of(who) == (deposit, self.parameters.entry_fee)
        round.enter(entrants, self.steps())
        self.meddle()
        if relay.phase is Phase.TRAIN:
            self.play_on(round, entrants)
        assert relay.phase is Phase.REST
        assert not any(relay.rounds.read("on_duty", who) for who in relay.people)
        assert not any(relay.accounts.read("paused", who) for who in relay.people)
        here = [who for number, who in relay.books.settled if number == round.number]
        assert Counter(here) == Counter(entrants)  # each deposit is settled, and once
        assert relay.books.entries == {}
        assert relay.books.fees == 0
        self.meddle()

    def play_on(self, round: Round, entrants: list) -> None:
        relay = self.relay
        assert len(round.trainers) == relay.round.places
        for reader in round.trainers:
            server = round.server_of(reader)
            if self.acts() and relay.rounds.read("holds", round.base, server):
                relay.send(server, "grant", round.base, bytes(32), [reader], [KEY])
        round.commit([who for who in round.trainers if self.acts()], self.steps())
        self.meddle()
        if relay.phase is Phase.SEAL:
            state = relay.round
            busy = sum(relay.registry.read("maintains", who) for who in round.trainers)
            assert len(round.testers) == min(state.children * state.seats, state.maintainers - busy)
            loads = [
                len(draw.seats_of(i, state.children, state.seats, state.deck)) for i in range(state.deck)
            ]
            assert max(loads) <= self.parameters.load
            round.hand_in([who for who in round.trainers if self.acts()])
            self.score(round)
        relay.advance(self.steps())
        self.check_verdicts()
        self.vote(round)
        self.meddle()

    def score(self, round: Round) -> None:
        relay = self.relay
        state = relay.round
        said = {}
        for card, who in enumerate(round.testers):
            if self.acts():
                seats = draw.seats_of(card, state.children, state.seats, state.deck)
                said[who] = [self.word() for _ in seats]
                relay.send(who, "score", relay.context(who).to_scores(said[who], bytes(32)))
        relay.close()
        for who, words in said.items():
            if self.acts():
                relay.send(who, "reveal", words, bytes(32))
        relay.close()

    def check_verdicts(self) -> None:
        """Compare the contract's verdicts, fees and pool with those of the rules."""
        relay, rule = self.relay, self.parameters
        self.outcomes: list[Outcome | None] = []
        children = relay.children()
        for entry in relay.entries():
            child = children[entry.child - 1] if entry.child else None
            if child is None:
                self.outcomes.append(None)
                continue
            expected = Outcome(Verdict.MISSING, 0, 0)
            if child.is_handed_in:
                first = (entry.child - 1) * relay.round.seats
                words = [relay.books.words.get(first + j, 0) for j in range(relay.round.seats)]
                expected = verdict(
                    [unpack(word) for word in words],
                    words.count(UNAVAILABLE),
                    g_min=rule.g_min,
                    clip=rule.clip,
                    trim=rule.trim,
                    z_pass=rule.z_pass,
                    z_fail=rule.z_fail,
                )
            assert (child.verdict, child.gain, child.error) == (expected.verdict, expected.gain, expected.se)
            self.outcomes.append(expected)
        by_entry = {i: entry.child - 1 for i, entry in enumerate(relay.entries())}
        assert relay.pool == tuple(by_entry[i] for i in pooled(self.outcomes, rule.pool_size))
        judged = {e.values["trainer"]: e.values for e in relay.events[-500:] if e.name == "Judged"}
        for entry, outcome in zip(relay.entries(), self.outcomes, strict=True):
            if outcome is not None:
                lost = fees.forfeit(outcome.verdict, entry.deposit, rule.undecided_share)
                assert judged[entry.trainer]["forfeited"] == lost
                assert judged[entry.trainer]["returned"] == entry.deposit - lost

    def vote(self, round: Round) -> None:
        """Let voters name what they like, and compare the election with that of the rules."""
        relay, rule = self.relay, self.parameters
        voters = round.testers[: rule.voters]
        children = relay.children()
        names = [keccak(b"%d %d" % (round.number, i)) for i in range(2)]
        names += [bytes(32), self.random.choice(self.ids)]
        names += [child.id for child in children[:1]]
        favourites = self.random.choice(names), self.random.choice(names)
        ballots: dict[str, Ballot] = {}
        pool = list(relay.pool)

        def ballot(who):
            named = favourites if self.random.random() < 0.8 else tuple(self.random.choices(names, k=2))
            scores = tuple(self.word() for _ in range(3))
            ballots[who] = Ballot(named, scores)
            return (*named, list(scores))

        seen = frozenset([*self.ids, bytes(32)])
        head, version = relay.head.id, relay.head.version
        supply = relay.coin.read("totalSupply")
        events = round.vote([who for who in voters if self.acts()], ballot, self.steps())
        expected = None
        if pool:
            best = children[pool[0]]
            expected = elect(
                [ballots.get(who) for who in voters],
                best.id,
                Outcome(Verdict(best.verdict), best.gain, best.error),
                any_passed=any(children[i].passed for i in pool),
                g_head=rule.g_head,
                clip=rule.clip,
                vote_trim=rule.vote_trim,
                taken=seen,
            )
        self.ids += [child.id for child in children if child.is_handed_in]
        minted = relay.coin.read("totalSupply") - supply
        if expected is None:
            assert relay.head.id == head
            assert minted == 0
            return
        assert (relay.head.id, relay.head.version) == (expected.id, version + 1)
        self.ids.append(expected.id)
        changed = next(event.values for event in events if event.name == "HeadChanged")
        assert (changed["candidate"], changed["gain"], changed["error"]) == (
            expected.candidate,
            expected.gain,
            expected.error,
        )
        coins = minting.minted(lower_end(Seat(expected.gain, expected.error), rule.z_pass), rule.g_ref)
        assert changed["minted"] == minted <= coins
        makers = self.makers(expected.candidate, pool, children)
        assert list(relay.owners) == [relay.entries()[child.entry].trainer for child in makers]
        earned = minting.parts(coins, rule.trainers_share, [child.gain for child in makers])
        told = [e.values["coins"] for e in events if e.name == "Earned" and not e.values["by_serving"]]
        assert told == earned

    def makers(self, candidate: Candidate, pool, children):
        if candidate is Candidate.BEST:
            return [children[pool[0]]]
        return [children[i] for i in pool if candidate is Candidate.POOLED or children[i].passed]

    def end(self) -> None:
        """Everyone leaves with what is theirs; what stays is the purse, what was forfeited, and dust."""
        relay = self.relay
        for who in relay.people:
            if any(relay.owed(who)):
                relay.send(who, "withdraw", to=relay.accounts)
            if any(relay.registry.read("member", who)[0]) and not relay.registry.read("member", who)[4]:
                relay.send(who, "leave", to=relay.registry)
        relay.machine.advance(10**6)
        for who in relay.people:
            if relay.registry.read("member", who)[4]:
                relay.send(who, "take_bond", to=relay.registry)
        assert relay.machine.balance(relay.registry.address) == 0
        assert relay.machine.balance(relay.rounds.address) == sum(relay.rounds.read("money"))


@cache
def played(seed: int) -> list[Event]:
    """Play one history to its end and return all events."""
    history = History(seed)
    for _ in range(ROUNDS):
        history.play()
    history.diligence = 1.0
    history.play()
    history.end()
    return history.relay.events


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_whoever_stops_the_round_ends_as_the_rules_say(seed):
    assert played(seed)


def test_the_histories_visit_every_outcome():
    seen: Counter[str] = Counter()
    for event in chain.from_iterable(map(played, range(HISTORIES))):
        seen[event.name] += 1
        if event.name == "Judged":
            seen[f"verdict {event.values['verdict']}"] += 1
        if event.name == "HeadChanged":
            seen[f"candidate {event.values['candidate']}"] += 1
    wanted = [f"verdict {i}" for i in range(5)] + [f"candidate {i}" for i in range(3)]
    wanted += ["TurnedAway", "HeadKept", "Slashed", "Leaving", "Withdrawn", "RoyaltyPaid"]
    assert [each for each in wanted if seen[each] == 0] == []
