"""Measure who can bias the draws of a round, by how much, and at what price.

Every line plays many rounds on the protocol's own draw (`derelay.rules.draw`), with an attacker who does
the best it can, and prints how often it had its way beside what the formula says
(docs/explanation/randomness.md derives them).

- The vote: 30 maintainers are free to test, 9 of them collude; three of the five who vote decide. Only in
  "chooses who trains" twelve people all maintain and enter, seven are admitted, the other five test and vote.
- "now": secrets are opened after the pivot, the block whose hash is in the seed; "before": the pivot came
  after them.
- "withheld": entries that the attacker did not open, on average over all rounds; each cost a deposit.

``python benchmarks/draw_bias.py`` prints Markdown, with ``--json`` one JSON line per row. It takes about
12 s on one core.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import combinations
from math import comb
from random import Random

from eth_utils.crypto import keccak

from derelay.rules import draw

FREE, COLLUDING, VOTERS, NEEDED = 30, 9, 5, 3
PEOPLE, COLLUDERS, PLACES = 12, 4, 7
HONEST = 4
"""Honest trainers who open their secrets."""
LATE = 3
"""Honest trainers whose `commit` still waits when TRAIN can be closed."""
SHARE = 1 / 3
"""Share of the blocks that one producer makes."""
TRIES = 256
"""Contents that the producer tries for one block. It could try millions."""

Secrets = Sequence[bytes]
Seed = Callable[[bytes, Secrets], bytes]


@dataclass(frozen=True)
class Row:
    """How often an attacker had its way, played and by formula."""

    attack: str
    rule: str
    rounds: int
    played: float
    formula: float
    withheld: float | None = None
    withheld_formula: float | None = None


# ---- formulas


def captured(free: int, colluding: int, seats: int, needed: int) -> float:
    """Return the probability that at least ``needed`` of the seats go to colluders."""
    ways = sum(comb(colluding, k) * comb(free - colluding, seats - k) for k in range(needed, seats + 1))
    return ways / comb(free, seats)


def best_of(p: float, looks: float) -> float:
    """Return the probability that one of so many independent draws is captured."""
    return float(1 - (1 - p) ** looks)


def withheld(p: float, own: int) -> float:
    """Return how many of its ``own`` entries a party withholds that opens as many as it can."""
    worse, total = 1.0, 0.0  # the probability that opening more does not do
    for count in range(own + 1):
        total += count * worse * best_of(p, comb(own, count))
        worse *= (1 - p) ** comb(own, count)
    return total


def has_pivot(share: float) -> float:
    """Return how probably who makes this share of the blocks, and knows its turns, makes the pivot."""
    return share + share**2 - share**3


def break_even(p: float, own: int) -> float:
    """Return what a captured vote must be worth, in deposits, for withholding to pay."""
    return withheld(p, own) / (best_of(p, 2**own) - p)


# ---- the game


def now(pivot: bytes, secrets: Secrets) -> bytes:
    """Return the seed of the testers' draw: in exclusive or, so that their order does not matter."""
    return draw.draw_seed(pivot, secrets)


def before(pivot: bytes, secrets: Secrets) -> bytes:
    """Return the seed as it was: hashed one after the other."""
    together = bytes(32)
    for secret in secrets:
        together = keccak(together + secret)
    return keccak(pivot + together)


MAINTAINERS = [f"colluder {i}" if i < COLLUDING else f"honest {i}" for i in range(FREE)]


def is_captured(seed: bytes) -> bool:
    """Return whether the draw gives the vote to the colluders."""
    deck = draw.deal(seed, MAINTAINERS, (), VOTERS)
    return sum(card.startswith("colluder") for card in deck) >= NEEDED


def subsets(items: Secrets) -> Iterator[Secrets]:
    """Return all subsets, the largest first."""
    for size in range(len(items), -1, -1):
        yield from combinations(items, size)


def opened(pivot: bytes, others: Secrets, own: Secrets) -> Secrets:
    """Return which of its secrets a party opens that knows the pivot and all other secrets."""
    for subset in subsets(own):
        if is_captured(now(pivot, [*others, *subset])):
            return subset
    return own


class Game:
    """Rounds with random blocks and secrets."""

    def __init__(self, seed: int, rounds: int) -> None:
        self.random = Random(seed)
        self.rounds = rounds

    def words(self, count: int = HONEST) -> list[bytes]:
        """Return so many block hashes, or secrets."""
        return [self.random.randbytes(32) for _ in range(count)]

    def word(self) -> bytes:
        """Return one."""
        return self.random.randbytes(32)

    def is_producers(self) -> bool:
        """Return whether a block is the attacker's."""
        return self.random.random() < SHARE

    def share(self, outcome: Callable[[], bool]) -> float:
        """Return how often an attack succeeds."""
        return sum(outcome() for _ in range(self.rounds)) / self.rounds

    def is_pivots_producer(self) -> bool:
        """Play the closing of ENTER against nodes that close at once.

        The attacker closes itself if its turn comes next. If it makes a block but not the next one, it
        leaves the others' closing out, once: the next block's maker puts it in.
        """
        if self.is_producers():
            return self.is_producers() or self.is_producers()
        return self.is_producers()

    def rows(self) -> Iterator[Row]:
        """Play everything."""
        p = captured(FREE, COLLUDING, VOTERS, NEEDED)
        yield self.row("nobody", "before", partial(self.blind, before), p)
        yield self.row("nobody", "now", partial(self.blind, now), p)
        for own in (1, 2, 3, 4, 6):
            yield self.row(f"last opener, k = {own}", "before", partial(self.blind, before, own), p)
            yield self.last_opener(own, p)
        name = f"closer of TRAIN, {LATE} late"
        yield self.row(name, "before", partial(self.blind, before), p)
        yield self.row(name, "now", self.closer, best_of(p, LATE + 1))
        name, mine = "producer of one block in three", has_pivot(SHARE)
        yield self.row(name, "before", self.producer_before, mine * best_of(p, TRIES) + (1 - mine) * p)
        yield self.row(name, "now", self.producer_now, p)
        last = SHARE * best_of(p, 2**LATE) + (1 - SHARE) * p
        yield self.row(f"{name}, {LATE} late", "now", self.last_producer, last)
        yield self.row(f"{name} makes the pivot", "both", self.is_pivots_producer, mine)
        for blocks in (1, 2, 4, 8):
            outcome = partial(self.shuts_out, blocks)
            yield self.row(f"{name} shuts out, b = {blocks}", "both", outcome, SHARE**blocks)
        a = captured(PEOPLE, COLLUDERS, PEOPLE - PLACES, NEEDED)
        for tries in (1, 10, 100):
            outcome = partial(self.admission_decides, tries)
            yield self.row(
                f"maker of the pivot chooses who trains, T = {tries}", "both", outcome, best_of(a, tries)
            )

        m, n, x, tries = 4, 8, 3, 10
        outcome = partial(self.fills_all_places, m, n, x, tries)
        formula = best_of(comb(m, x) / comb(n, x), tries)
        yield self.row(f"maker of the pivot fills all places, T = {tries}", "both", outcome, formula)

    def row(self, attack: str, rule: str, outcome: Callable[[], bool], formula: float) -> Row:
        """Play one attack."""
        return Row(attack, rule, self.rounds, self.share(outcome), formula)

    def blind(self, seed: Seed, own: int = 0) -> bool:
        """Play an attacker who knows nothing: before, whoever opened last did not know the pivot."""
        return is_captured(seed(self.word(), self.words(HONEST + own)))

    def last_opener(self, own: int, p: float) -> Row:
        """Play the party that opens last, with as many entries."""
        won = kept = 0
        for _ in range(self.rounds):
            pivot, others, secrets = self.word(), self.words(), self.words(own)
            subset = opened(pivot, others, secrets)
            won += is_captured(now(pivot, [*others, *subset]))
            kept += own - len(subset)
        formulas = best_of(p, 2**own), withheld(p, own)
        played = won / self.rounds, kept / self.rounds
        return Row(
            f"last opener, k = {own}", "now", self.rounds, played[0], formulas[0], played[1], formulas[1]
        )

    def closer(self) -> bool:
        """Play a closer that nobody else is faster than: it closes before or after any of the late."""
        pivot, others, late = self.word(), self.words(), self.words(LATE)
        return any(is_captured(now(pivot, [*others, *late[:n]])) for n in range(LATE + 1))

    def producer_before(self) -> bool:
        """Play a producer that knows all secrets when it makes the pivot."""
        secrets = self.words()
        tries = TRIES if self.is_pivots_producer() else 1
        return any(is_captured(before(self.word(), secrets)) for _ in range(tries))

    def producer_now(self) -> bool:
        """Play a producer that has to guess the secrets when it makes the pivot."""
        guess = self.words()
        pivots = self.words(TRIES if self.is_pivots_producer() else 1)
        pivot = next((each for each in pivots if is_captured(now(each, guess))), pivots[0])
        return is_captured(now(pivot, self.words()))

    def last_producer(self) -> bool:
        """Play a producer that makes the last block of TRAIN and closes in it, after whomever it likes."""
        pivot, others, late = self.word(), self.words(), self.words(LATE)
        if not self.is_producers():
            return is_captured(now(pivot, [*others, *late]))
        return any(is_captured(now(pivot, [*others, *subset])) for subset in subsets(late))

    def shuts_out(self, blocks: int) -> bool:
        """Play the last blocks of TRAIN; return whether the attacker makes all of them."""
        return all(self.is_producers() for _ in range(blocks))

    def admission_decides(self, tries: int) -> bool:
        """Draw who trains; return whether enough of those who stay free, all of whom vote, collude."""
        draws = (draw.admit(self.word(), PEOPLE, PLACES) for _ in range(tries))
        return any(sum(i not in admitted for i in range(COLLUDERS)) >= NEEDED for admitted in draws)

    def fills_all_places(self, own: int, entries: int, places: int, tries: int) -> bool:
        """Draw who trains; return whether all who are admitted are the attacker's: the first entries."""
        draws = (draw.admit(self.word(), entries, places) for _ in range(tries))
        return any(max(admitted) < own for admitted in draws)


def markdown(rows: Iterable[Row]) -> Iterator[str]:
    """Return the table, and what a captured vote must be worth."""
    yield "| attack | rule | played | formula | withheld | formula |"
    yield "|---|---|---|---|---|---|"
    for row in rows:
        cells = (row.played, row.formula, row.withheld, row.withheld_formula)
        shown = ("" if cell is None else f"{cell:.3f}" for cell in cells)
        yield f"| {row.attack} | {row.rule} | {' | '.join(shown)} |"
    yield ""
    committees = ((30, 3, 5, 3), (30, 9, 5, 3), (100, 30, 21, 10))
    yield f"| free, colluding, needed | {' | '.join(f'k = {own}' for own in range(5))} |"
    yield "|---|---|---|---|---|---|"
    for free, colluding, seats, needed in committees:
        p = captured(free, colluding, seats, needed)
        cells = [f"{best_of(p, 2**own):.3f}, {break_even(p, own):.1f}" for own in (1, 2, 3, 4)]
        yield f"| {free}, {colluding}, {needed} of {seats} | {p:.3f} | {' | '.join(cells)} |"


def main() -> None:
    """Run as the module's docstring says."""
    parser = argparse.ArgumentParser(description="Measure who can bias the draws of a round.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=4000, help="of each line")
    parser.add_argument("--json", action="store_true", help="one JSON line per row instead of Markdown")
    options = parser.parse_args()
    rows = Game(options.seed, options.rounds).rows()
    for line in (json.dumps(asdict(row)) for row in rows) if options.json else markdown(rows):
        print(line)


if __name__ == "__main__":
    main()
