"""Who can bias the draws on the compiled contracts, and by how much (docs/explanation/randomness.md).

Each game goes back to the same entries and plays on from another block. An attacker looks ahead: it tries
what it could do, sees what would come of it, and undoes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from math import comb

import pytest
from eth_typing import ChecksumAddress
from eth_utils import keccak
from harness import QUICK, Relay, Round
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
SIGMAS = 3
"""How far what is counted may lie from the formula, in standard deviations."""
UNLIKELY = 1e-3
"""Below this probability a count does not come from a uniform draw. All seeds are fixed."""


def captured(free: int, colluding: int, seats: int, needed: int) -> float:
    """Return the probability that at least `needed` seats go to colluders."""
    ways = sum(comb(colluding, k) * comb(free - colluding, seats - k) for k in range(needed, seats + 1))
    return ways / comb(free, seats)


P = captured(MAINTAINERS, COLLUDING, VOTERS, NEEDED)


def best_of(looks: int) -> float:
    """Return the probability that one of so many draws is captured."""
    return 1 - (1 - P) ** looks


def agrees(count: int, games: int, formula: float) -> bool:
    return abs(count / games - formula) <= SIGMAS * (formula * (1 - formula) / games) ** 0.5


def subsets(items: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Return all but the empty one."""
    for size in range(1, len(items) + 1):
        yield from combinations(items, size)


def are_uniform(drawn: Counter[frozenset], items: Sequence, size: int) -> bool:
    counts = [drawn[frozenset(each)] for each in combinations(items, size)]
    return sum(counts) == drawn.total() and chisquare(counts).pvalue > UNLIKELY


class Table:
    """A relay with a round open, that is played again and again; trainers are named by their place."""

    def __init__(
        self, trainers: int, maintainers: int = MAINTAINERS, parameters: Parameters = PARAMETERS
    ) -> None:
        self.relay = Relay(parameters, audited=False)
        self.trainers = [self.relay.join() for _ in range(trainers)]
        self.maintainers = [self.relay.join(maintains=True) for _ in range(maintainers)]
        self.colluding = set(self.maintainers[:COLLUDING])
        Round(self.relay)
        self.secrets: list[bytes] = []

    def enter(self, salt: str = "") -> None:
        self.secrets = [keccak(text=f"{salt} {i}") for i, _ in enumerate(self.trainers)]
        for who, secret in zip(self.trainers, self.secrets, strict=True):
            self.relay.enter(who, secret)

    def admit(self, wait: int = 0) -> None:
        """Close after so many blocks more than one must wait, so that another block is the pivot."""
        self._close(wait)
        self._advance()

    def commit(self, trainers: Collection[int] | None = None) -> None:
        """Let these commit, all unless told otherwise, and close TRAIN."""
        for i in range(len(self.trainers)) if trainers is None else trainers:
            self.relay.send(self.trainers[i], "commit", X)
        self._close()

    def disclose(self, trainers: Collection[int]) -> None:
        for i in trainers:
            self.relay.send(self.trainers[i], "disclose", self.secrets[i])

    def draw(self, wait: int = 0) -> list[ChecksumAddress]:
        """Close DISCLOSE after so many blocks more than one must wait, and return the deck."""
        self._close(wait)
        self._advance()
        return [card.tester for card in self.relay.deck()]

    def pivot(self, wait: int = 0) -> bytes:
        """Return the hash of the block that is the pivot if the window is closed after so many more."""
        machine = self.relay.machine
        return machine.block_hash(machine.height() + 2 + wait + 1)

    def foresee(
        self, trainers: Collection[int], again: bytes = bytes(32), pivot: bytes | None = None
    ) -> list[str]:
        """Return who votes if these disclose."""
        secrets = [self.secrets[i] for i in trainers]
        seed = draw.draw_seed(self.relay.round.seed if pivot is None else pivot, secrets, again)
        return draw.deal(seed, self.maintainers, self.trainers, VOTERS)

    def is_captured(self, deck: Sequence[str]) -> bool:
        return len(self.colluding & set(deck[:VOTERS])) >= NEEDED

    def _close(self, wait: int = 0) -> None:
        self.relay.machine.advance(10, 2 + wait)
        self.relay.send(self.relay.creator, "close")

    def _advance(self) -> None:
        self.relay.machine.advance(12, 2)
        self.relay.send(self.relay.creator, "advance", 256)


# ---- who discloses last

OWN, GAMES, TRIES = 3, 320, 16
ALL, HONEST = range(OWN + 2), range(OWN, OWN + 2)


@dataclass(frozen=True)
class Played:
    """Whether the vote is the attacker's if it discloses everything; if not, what it has by withholding."""

    first: bool
    blind: dict[int, bool]  # by how many entries it has
    ground: bool  # if it makes the block after DISCLOSE, too


@cache
def last_to_disclose() -> list[Played]:
    table = Table(len(ALL))
    table.enter()
    return [play(table, game) for game in range(GAMES)]


def play(table: Table, game: int) -> Played:
    tried = table.relay.machine.tried
    with tried():
        table.admit(game)
        table.commit()
        table.disclose(HONEST)
        with tried():
            table.disclose(range(OWN))
            first = table.is_captured(table.draw())
        if first:
            return Played(first, {}, False)
        blind = {own: withhold(table, guessed(table, own)) for own in range(1, OWN + 1)}
        rest = set(ALL) - {0}
        waits = (wait for wait in range(TRIES) if table.is_captured(table.foresee(rest, table.pivot(wait))))
        return Played(first, blind, withhold(table, (0,), next(waits, 0)))


def guessed(table: Table, own: int) -> tuple[int, ...]:
    """Return what to withhold of so many entries, if the second pivot were what it is taken for."""
    ways = list(subsets(range(own)))
    again = keccak(b"taken for")
    return next(
        (way for way in ways if table.is_captured(table.foresee(set(ALL) - set(way), again))), ways[0]
    )


def withhold(table: Table, withheld: tuple[int, ...], wait: int = 0) -> bool:
    with table.relay.machine.tried():
        table.disclose(set(range(OWN)) - set(withheld))
        return table.is_captured(table.draw(wait))


@pytest.mark.parametrize("own", range(1, OWN + 1))
def test_the_last_to_disclose_has_two_draws_whatever_its_number_of_entries(own):
    won = sum(game.first or game.blind[own] for game in last_to_disclose())
    assert agrees(won, GAMES, best_of(2))


def test_the_draw_after_withholding_is_as_any_draw():
    second = [game.blind[1] for game in last_to_disclose() if not game.first]
    assert agrees(len(second), GAMES, 1 - P)  # so often it withholds
    assert agrees(sum(second), len(second), P)


def test_whoever_withholds_and_makes_the_next_block_chooses_the_testers():
    won = sum(game.first or game.ground for game in last_to_disclose())
    assert agrees(won, GAMES, best_of(1 + TRIES))


def test_what_it_foresees_of_a_pivot_that_it_makes_comes_true():
    table = Table(2)
    table.enter()
    table.admit()
    table.commit()
    table.disclose([1])
    foreseen = table.foresee([1], table.pivot(7))
    assert table.draw(7)[:VOTERS] == foreseen


def test_nobody_can_choose_a_child_by_its_testers():
    """Who commits does not know the draw; who knows it can neither commit nor change who tests what."""
    table = Table(3)
    relay = table.relay
    table.enter()
    table.admit()
    table.commit([0, 2])
    seen = []
    for order in ((0, 2), (2, 0)):
        with relay.machine.tried():
            table.disclose(order)
            with pytest.raises(Reverted, match="not the time to commit"):
                relay.send(table.trainers[1], "commit", X)
            seen.append((table.draw(), relay.children()))
    assert seen[0] == seen[1]


def test_withholding_costs_the_deposit_even_of_who_was_granted_nothing():
    """Who committed is never void. What is forfeited goes to those who have weight, at first the creator."""
    relay = Relay()
    own, honest = ([relay.join() for _ in range(2)] for _ in range(2))
    for _ in range(5):
        relay.join(maintains=True)
    before = {who: relay.machine.balance(who) for who in own}
    round = Round(relay)
    round.enter([*own, *honest])
    round.grant(honest)
    round.commit([*own, *honest], disclose=honest)
    round.hand_in(honest)
    round.score()
    earned = relay.owed(relay.creator)[0]
    round.vote()
    judged = {each.values["trainer"]: each.values for each in relay.events if each.name == "Judged"}
    price = relay.parameters.price + relay.parameters.entry_fee
    for who in own:
        assert not relay.rounds.read("holds", round.base, who)
        assert judged[who]["verdict"] == Verdict.MISSING
        assert relay.machine.balance(who) + relay.owed(who)[0] == before[who] - price
    forfeited, closing = 2 * relay.parameters.price, 2 * relay.parameters.closing_fee
    assert relay.owed(relay.creator)[0] - earned == forfeited + closing


# ---- who closes


def test_whoever_closes_disclose_in_time_shuts_out_the_late_and_has_a_draw_that_nobody_knows():
    table = Table(3)
    relay = table.relay
    table.enter()
    table.admit()
    table.commit()
    table.disclose([0, 1])
    with relay.machine.tried():
        table.disclose([2])
        in_time = table.draw()
    relay.machine.advance(10, 2)
    again = relay.machine.block_hash(relay.machine.height() + 1)
    foreseen = table.foresee([0, 1], again)
    relay.send(table.maintainers[0], "close")
    with pytest.raises(Reverted, match="not the time to disclose"):
        table.disclose([2])
    relay.advance()
    deck = [card.tester for card in relay.deck()]
    assert deck[:VOTERS] == foreseen != in_time[:VOTERS]
    with pytest.raises(Reverted, match="secret withheld"):
        relay.send(table.trainers[2], "hand_in", X, X, X, [])


def test_whoever_closes_train_in_time_shuts_out_the_late_before_anybody_knows_the_draw():
    table = Table(3)
    relay = table.relay
    table.enter()
    table.admit()
    table.commit([0, 1])
    assert (relay.phase, relay.round.secrets) == (Phase.DISCLOSE, 0)
    with pytest.raises(Reverted, match="not the time to commit"):
        relay.send(table.trainers[2], "commit", X)
    with pytest.raises(Reverted, match="nothing to disclose for"):
        table.disclose([2])


# ---- who makes the pivot


def producers_games(guess: bool) -> int:
    """Let the producer choose the pivot by what it takes the secrets for; return how often it wins."""
    table, everyone, won = Table(trainers=3), range(3), 0
    table.enter()
    secrets = table.secrets
    for game in range(GAMES // 2):
        with table.relay.machine.tried():
            waits = range(game * TRIES, (game + 1) * TRIES)
            table.secrets = [keccak(b"taken for" + each) for each in secrets] if guess else secrets
            foreseen = (table.foresee(everyone, pivot=table.pivot(wait)) for wait in waits)
            looks = [table.is_captured(deck) for deck in foreseen]
            table.secrets = secrets
            table.admit(waits[looks.index(True) if any(looks) else 0])
            table.commit()
            table.disclose(everyone)
            won += table.is_captured(table.draw())
    return won


def test_a_producer_of_the_pivot_that_has_to_guess_the_secrets_chooses_nothing():
    assert agrees(producers_games(guess=True), GAMES // 2, P)


def test_a_producer_of_the_pivot_that_knows_all_secrets_chooses_the_testers():
    """As it can if all who disclose are its own."""
    assert agrees(producers_games(guess=False), GAMES // 2, best_of(TRIES))


def test_a_producer_of_the_pivot_chooses_who_trains_and_so_who_is_left_to_test():
    table, tries, games = Table(trainers=0), 4, 60
    relay = table.relay
    table.trainers = table.maintainers
    table.enter()
    won = 0
    for game in range(games):
        left = []
        for wait in range(game * tries, (game + 1) * tries):
            with relay.machine.tried():
                table.admit(wait)
                left.append([entry.trainer for entry in relay.entries() if not entry.admitted])
        assert {len(free) for free in left} == {VOTERS}
        won += any(table.is_captured(free) for free in left)
    assert agrees(won, games, best_of(tries))


# ---- who alone serves


def test_if_only_ones_own_commit_one_chooses_among_2_to_the_k_draws_less_one():
    """Nobody else's secret is in the draw: what it does not commit, it need not disclose."""
    table, own = Table(len(ALL)), range(OWN)
    table.enter()
    won = 0
    for game in range(GAMES // 2):
        with table.relay.machine.tried():
            table.admit(game)
            ways = list(subsets(own))
            chosen = next((way for way in ways if table.is_captured(table.foresee(way))), ways[0])
            table.commit(chosen)
            table.disclose(chosen)
            won += table.is_captured(table.draw())
    assert agrees(won, GAMES // 2, best_of(2**OWN - 1))


def test_it_is_free_for_who_alone_holds_the_head():
    """In the first round that is the creator: an entry that nobody granted the head is paid back whole."""
    relay = Relay()
    own, honest = ([relay.join() for _ in range(2)] for _ in range(2))
    for _ in range(5):
        relay.join(maintains=True)
    before = {who: relay.machine.balance(who) for who in relay.people}
    round = Round(relay)
    round.enter([*own, *honest])
    round.grant(own[:1])
    round.commit(own[:1])
    round.hand_in()
    round.score()
    for who in (own[1], *honest):
        assert relay.machine.balance(who) + relay.owed(who)[0] == before[who]


# ---- nobody


@pytest.mark.parametrize("withheld", [False, True])
def test_every_committee_is_as_likely(withheld):
    """Whatever the secrets, from one pivot; and whatever the second pivot, if a secret is withheld."""
    table = Table(trainers=2, maintainers=6, parameters=replace(QUICK, seats=3))
    if withheld:
        table.enter()
    drawn: Counter[frozenset] = Counter()
    for game in range(240):
        with table.relay.machine.tried():
            if not withheld:
                table.enter(str(game))
            table.admit()
            table.commit()
            table.disclose([0] if withheld else [0, 1])
            drawn[frozenset(table.draw(game if withheld else 0)[:3])] += 1
    assert are_uniform(drawn, table.maintainers, 3)


def test_every_choice_of_trainers_is_as_likely():
    table = Table(trainers=6, maintainers=3, parameters=replace(QUICK, seats=3, load=3))
    table.enter()
    drawn: Counter[frozenset] = Counter()
    for wait in range(400):
        with table.relay.machine.tried():
            table.admit(wait)
            admitted = (i for i, entry in enumerate(table.relay.entries()) if entry.admitted)
            drawn[frozenset(admitted)] += 1
    assert are_uniform(drawn, range(6), 3)
