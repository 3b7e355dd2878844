"""Who can bias the draws on the compiled contracts, and by how much (docs/explanation/randomness.md).

Each game goes back to the same open round and plays on with other secrets from another block. An attacker
looks ahead: it tries what it could do, sees what would come of it, and undoes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cache
from itertools import combinations
from math import comb
from statistics import fmean, stdev

import pytest
from eth_typing import ChecksumAddress
from eth_utils import keccak
from harness import QUICK, Relay, Round
from harness.rounds import KEY
from scipy.stats import chisquare

from derelay.chain.chain import Reverted
from derelay.rules import draw
from derelay.rules.parameters import Parameters
from derelay.rules.phases import Phase
from derelay.rules.verdict import Verdict

X = b"\x01" * 32
MAINTAINERS, COLLUDING, VOTERS, NEEDED = 12, 4, 5, 3
"""Of twelve maintainers four collude; three of the five votes decide."""
PARAMETERS = replace(QUICK, voters=VOTERS)
SIGMAS = 4
"""How far what is counted may lie from the formula, in standard deviations."""
UNLIKELY = 1e-3
"""Below this probability a count does not come from a uniform draw. All seeds are fixed."""


def captured(free: int, colluding: int, seats: int, needed: int) -> float:
    """Return the probability that at least `needed` seats go to colluders."""
    ways = sum(comb(colluding, k) * comb(free - colluding, seats - k) for k in range(needed, seats + 1))
    return ways / comb(free, seats)


P = captured(MAINTAINERS, COLLUDING, VOTERS, NEEDED)


def agrees(count: int, games: int, formula: float) -> bool:
    return abs(count / games - formula) <= SIGMAS * (formula * (1 - formula) / games) ** 0.5


def lies_near(counts: Sequence[int], formula: float) -> bool:
    return abs(fmean(counts) - formula) <= SIGMAS * stdev(counts) / len(counts) ** 0.5


def secrets_of(game: int, count: int, whose: str = "") -> list[bytes]:
    return [keccak(text=f"{whose} {game} {i}") for i in range(count)]


class Table:
    """A relay with a round open, that is played again and again."""

    def __init__(
        self,
        trainers: int,
        maintainers: int = MAINTAINERS,
        parameters: Parameters = PARAMETERS,
    ) -> None:
        self.relay = Relay(parameters, audited=False)
        self.trainers = [self.relay.join() for _ in range(trainers)]
        self.maintainers = [self.relay.join(maintains=True) for _ in range(maintainers)]
        self.colluding = set(self.maintainers[:COLLUDING])
        Round(self.relay)

    def enter(self, secrets: Sequence[bytes]) -> None:
        for who, secret in zip(self.trainers, secrets, strict=True):
            self.relay.enter(who, secret)

    def admit(self, wait: int) -> None:
        """Close after so many blocks more than one must wait, so that another block is the pivot."""
        relay = self.relay
        relay.machine.advance(10, 2 + wait)
        relay.send(relay.creator, "close")
        relay.machine.advance(12, 2)
        relay.send(relay.creator, "advance", 256)

    def pivot(self, wait: int) -> bytes:
        """Return the hash of the block that would be the pivot."""
        machine = self.relay.machine
        return machine.block_hash(machine.height() + 2 + wait + 1)

    def open(self, who: ChecksumAddress, secret: bytes) -> None:
        self.relay.send(who, "commit", X, secret)

    def draw(self) -> list[ChecksumAddress]:
        """Close TRAIN and return the deck."""
        self.relay.close()
        self.relay.send(self.relay.creator, "advance", 256)
        return [card.tester for card in self.relay.deck()]

    def is_captured(self, deck: Collection[ChecksumAddress]) -> bool:
        return len(self.colluding & set(list(deck)[:VOTERS])) >= NEEDED


# ---- who opens last

OWN, GAMES = 3, 160
Outcomes = dict[tuple[int, ...], bool]


@cache
def looked_ahead() -> list[Outcomes]:
    """For each game: whether the vote is the attacker's, by which of its three entries it opens."""
    table = Table(trainers=2 * OWN)
    games = []
    for game in range(GAMES):
        secrets = secrets_of(game, 2 * OWN)
        with table.relay.machine.tried():
            table.enter(secrets)
            table.admit(game)
            for who, secret in list(zip(table.trainers, secrets, strict=True))[OWN:]:
                table.open(who, secret)
            games.append({subset: try_subset(table, secrets, subset) for subset in subsets(OWN)})
    return games


def subsets(count: int) -> list[tuple[int, ...]]:
    return [subset for size in range(count, -1, -1) for subset in combinations(range(count), size)]


def try_subset(table: Table, secrets: Sequence[bytes], subset: Sequence[int]) -> bool:
    with table.relay.machine.tried():
        for i in subset:
            table.open(table.trainers[i], secrets[i])
        return table.is_captured(table.draw())


@pytest.mark.parametrize("own", range(OWN + 1))
def test_k_entries_of_the_last_opener_are_2_to_the_k_draws(own):
    """It may withhold the first `own` of its entries; the others it opens, as the honest do."""
    always = set(range(own, OWN))
    won = sum(any(wins for subset, wins in game.items() if always <= set(subset)) for game in looked_ahead())
    assert agrees(won, GAMES, 1 - (1 - P) ** 2**own)


def test_the_draws_are_independent():
    """Of the pairs of draws of a game, as many win both as by chance."""
    both = [sum(one and two for one, two in combinations(game.values(), 2)) for game in looked_ahead()]
    assert lies_near(both, comb(2**OWN, 2) * P**2)


def test_how_many_it_withholds():
    """As few as do; if nothing does, none."""
    kept = [next((OWN - len(subset) for subset, wins in game.items() if wins), 0) for game in looked_ahead()]
    formula, worse = 0.0, 1.0
    for count in range(OWN + 1):
        formula += count * worse * (1 - (1 - P) ** comb(OWN, count))
        worse *= (1 - P) ** comb(OWN, count)
    assert lies_near(kept, formula)


def test_whoever_opens_last_chooses_which_of_its_children_meets_which_committee():
    table = Table(trainers=2)
    relay, secrets = table.relay, secrets_of(0, 2)
    table.enter(secrets)
    table.admit(0)
    seen = []
    for order in ((0, 1), (1, 0)):
        with relay.machine.tried():
            for i in order:
                table.open(table.trainers[i], secrets[i])
            deck = table.draw()
            committees = [[deck[card] for card in draw.committee(child, 5, len(deck))] for child in (0, 1)]
            seen.append({child.entry: committees[n] for n, child in enumerate(relay.children())})
    assert seen[0] == {0: seen[1][1], 1: seen[1][0]}
    assert set(seen[0][0]).isdisjoint(seen[0][1])


# ---- who makes the pivot

TRIES = 16


def producers_games(guess: str) -> tuple[int, int]:
    """Let the producer choose the pivot by what it takes the secrets for; return wins, and of how many."""
    table = Table(trainers=3)
    listed, trainers, won = table.maintainers, table.trainers, 0
    for game in range(GAMES):
        secrets, taken_for = secrets_of(game, 3), secrets_of(game, 3, guess)
        with table.relay.machine.tried():
            table.enter(secrets)
            waits = range(game * TRIES, (game + 1) * TRIES)
            decks = (
                draw.deal(draw.draw_seed(table.pivot(wait), taken_for), listed, trainers, VOTERS)
                for wait in waits
            )
            foreseen = [table.is_captured(deck) for deck in decks]  # type: ignore[arg-type]
            table.admit(waits[foreseen.index(True) if any(foreseen) else 0])
            for who, secret in zip(trainers, secrets, strict=True):
                table.open(who, secret)
            won += table.is_captured(table.draw())
    return won, GAMES


def test_a_producer_of_the_pivot_that_has_to_guess_the_secrets_chooses_nothing():
    assert agrees(*producers_games("guess"), P)


def test_a_producer_of_the_pivot_that_knew_all_secrets_would_choose_the_testers():
    """As it could when the pivot came after the opening; and still can if all who open are its own."""
    assert agrees(*producers_games(""), 1 - (1 - P) ** TRIES)


def test_a_producer_of_the_pivot_chooses_who_trains_and_so_who_is_left_to_test():
    table, tries, games = Table(trainers=0), 4, 60
    relay = table.relay
    table.trainers = table.maintainers
    table.enter(secrets_of(0, MAINTAINERS))
    won = 0
    for game in range(games):
        left = []
        for wait in range(game * tries, (game + 1) * tries):
            with relay.machine.tried():
                table.admit(wait)
                left.append([entry.trainer for entry in relay.entries() if not entry.admitted])
        assert {len(free) for free in left} == {VOTERS}
        won += any(table.is_captured(free) for free in left)
    assert agrees(won, games, 1 - (1 - P) ** tries)


# ---- nobody


def test_every_committee_is_as_likely_whatever_the_pivot():
    table = Table(trainers=1, maintainers=6, parameters=replace(QUICK, seats=3))
    for pivot in range(2):
        drawn = Counter()
        for game in range(240):
            (secret,) = secrets_of(game, 1, f"pivot {pivot}")
            with table.relay.machine.tried():
                table.enter([secret])
                table.admit(pivot)
                table.open(table.trainers[0], secret)
                drawn[frozenset(table.draw())] += 1
        counts = [drawn[frozenset(each)] for each in combinations(table.maintainers, 3)]
        assert sum(counts) == 240
        assert chisquare(counts).pvalue > UNLIKELY


def test_every_choice_of_trainers_is_as_likely():
    table = Table(trainers=6, maintainers=3, parameters=replace(QUICK, seats=3, load=3))
    relay = table.relay
    table.enter(secrets_of(0, 6))
    drawn = Counter()
    for wait in range(400):
        with relay.machine.tried():
            table.admit(wait)
            drawn[frozenset(i for i, entry in enumerate(relay.entries()) if entry.admitted)] += 1
    counts = [drawn[frozenset(each)] for each in combinations(range(6), 3)]
    assert sum(counts) == 400
    assert chisquare(counts).pvalue > UNLIKELY


# ---- what it costs


def test_whoever_holds_the_head_alone_withholds_for_nothing():
    """In the first round that is the creator: an entry that nobody granted the head is paid back whole."""
    relay = Relay()
    own, honest = ([relay.join() for _ in range(2)] for _ in range(2))
    for _ in range(5):
        relay.join(maintains=True)
    before = {who: relay.machine.balance(who) for who in own}
    round = Round(relay)
    round.enter([*own, *honest])
    round.grant(honest)
    round.commit(honest)
    round.hand_in()
    round.score()
    for who in own:
        assert relay.machine.balance(who) + relay.owed(who)[0] == before[who]


def test_one_honest_holder_who_is_awake_puts_a_price_on_withholding():
    relay = Relay()
    friends, own = ([relay.join() for _ in range(2)] for _ in range(2))
    for _ in range(5):
        relay.join(maintains=True)
    Round(relay).play(friends)
    before = {who: relay.machine.balance(who) for who in own}
    round = Round(relay)
    round.enter([*own, *friends])
    assert set(relay.owners) == set(friends)  # who do not grant
    awake = next(
        who for who in relay.people if who not in friends and relay.rounds.read("holds", round.base, who)
    )
    with pytest.raises(Reverted, match="not entitled"):
        relay.send(awake, "grant", round.base, X, own, [KEY] * 2)
    relay.machine.advance(5, 1)  # half of the window
    relay.send(awake, "grant", round.base, X, own, [KEY] * 2)
    round.commit(friends)
    round.hand_in()
    round.score()
    judged = {each.values["trainer"]: each.values for each in relay.events if each.name == "Judged"}
    price = 2 * relay.parameters.price + relay.parameters.entry_fee
    for who in own:
        assert judged[who]["verdict"] == Verdict.MISSING
        assert relay.machine.balance(who) + relay.owed(who)[0] == before[who] - price


def test_whoever_closes_train_in_time_shuts_out_the_late_and_draws_without_their_secrets():
    table = Table(trainers=3)
    relay, secrets = table.relay, secrets_of(0, 3)
    table.enter(secrets)
    table.admit(0)
    for who, secret in list(zip(table.trainers, secrets, strict=True))[:2]:
        table.open(who, secret)
    late = table.trainers[2]
    with relay.machine.tried():
        table.open(late, secrets[2])
        in_time = table.draw()
    relay.machine.advance(10, 2)
    relay.send(table.maintainers[0], "close")
    with pytest.raises(Reverted, match="not the time to commit"):
        table.open(late, secrets[2])
    relay.advance()
    assert relay.phase is Phase.SEAL
    assert [card.tester for card in relay.deck()] != in_time
