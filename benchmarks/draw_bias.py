"""Measure who can bias the draws of a round, by how much, and at what price, under three rules.

Every line plays many rounds on the protocol's own draw (`derelay.rules.draw`), with an attacker who does
the best it can, and prints how often it had its way and, in brackets, what the formula says
(docs/explanation/randomness.md derives them).

- The rules differ in what comes last. "block last": trainers open their secrets, then comes the block
  whose hash is in the seed. "opened with the child": the block comes first, and secrets are opened with the
  commitment to a child. "disclosed last": after these; if one is withheld, one more block is in the seed.
- The vote: 30 maintainers are free to test, 9 of them collude; three of the five who vote decide.
- The second table: a party that makes one block in three, whatever the rule. In "decides who is left to
  test" twelve people all maintain and enter, seven are admitted, the other five test and vote.
- "withheld": secrets that the attacker kept back, on average over all rounds; each cost a deposit.

``python benchmarks/draw_bias.py`` prints Markdown, with ``--json`` one JSON line per row. It takes about
14 s on one core.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import partial
from itertools import combinations
from math import comb
from random import Random

from derelay.rules import draw

FREE, COLLUDING, VOTERS, NEEDED = 30, 9, 5, 3
PEOPLE, COLLUDERS, PLACES = 12, 4, 7
HONEST = 4
"""Honest trainers who open their secrets in time."""
SHARE = 1 / 3
"""Share of the blocks that one producer makes."""
TRIES = 256
"""Contents that the producer tries for one block. It could try millions."""

Secrets = Sequence[bytes]


class Rule(StrEnum):
    """What comes last."""

    BLOCK = "block last"
    OPENED = "opened with the child"
    DISCLOSED = "disclosed last"


@dataclass(frozen=True)
class Attack:
    """What an attacker has.

    Attributes
    ----------
    own
        Entries whose secrets it may withhold, once it knows all others.
    late
        Honest trainers who still wait to open when the window can be closed. The attacker closes it before
        or after any of them; as a producer, if the last block is its own.
    honest
        Honest trainers who open in time.
    produces
        Whether it makes one block in three.
    thrifty
        Whether it withholds only if it makes the next pivot, too.
    dies
        Whether an honest trainer who committed to a child never opens.
    """

    name: str
    own: int = 0
    late: int = 0
    honest: int = HONEST
    produces: bool = False
    thrifty: bool = False
    dies: bool = False


ONE = "one block in three"
ATTACKS = (
    Attack("nobody"),
    *(Attack(f"last to open, k = {own}", own) for own in (1, 2, 4)),
    Attack("closer, 3 late", late=3),
    Attack(ONE, produces=True),
    Attack(f"{ONE}, 3 late", late=3, produces=True),
    Attack(f"{ONE}, k = 1", own=1, produces=True),
    Attack(f"{ONE}, k = 1, thrifty", own=1, produces=True, thrifty=True),
    Attack(f"{ONE}, an honest trainer dies", produces=True, dies=True),
    Attack("no honest trainer, k = 3", own=3, honest=0),
)


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


def has_pivot(share: float) -> float:
    """Return how probably who makes this share of the blocks, and knows its turns, makes the pivot."""
    return share + share**2 - share**3


def formula(rule: Rule, attack: Attack, p: float) -> float:
    """Return how often an attack succeeds."""
    if rule is Rule.DISCLOSED and attack.honest:
        return (0 if attack.dies else p) + (1 if attack.dies else 1 - p) * second_draw(attack, p)
    if rule is Rule.BLOCK:
        return pivots(has_pivot(SHARE), p) if attack.produces else p
    looks = 2**attack.own if attack.honest else 2**attack.own - 1
    if attack.produces:
        return SHARE * best_of(p, looks * 2**attack.late) + (1 - SHARE) * best_of(p, looks)
    return best_of(p, looks * (attack.late + 1))


def second_draw(attack: Attack, p: float) -> float:
    """Return how probably there is a draw with a second pivot, and the attacker has its way in it."""
    if attack.thrifty:
        return has_pivot(SHARE) * best_of(p, TRIES)
    if not attack.produces:
        return p if attack.own or attack.late else 0
    if attack.late:
        return SHARE * pivots(SHARE, p)  # it closes in the last block, which has to be its own
    return pivots(has_pivot(SHARE), p) if attack.own or attack.dies else 0


def pivots(share: float, p: float) -> float:
    """Return the probability of what a producer wants, if it makes the pivot this often."""
    return share * best_of(p, TRIES) + (1 - share) * p


def withheld(rule: Rule, attack: Attack, p: float) -> float:
    """Return how many secrets an attacker withholds, as few as it can."""
    if rule is Rule.BLOCK or not attack.honest:
        return 0.0
    if rule is Rule.DISCLOSED:
        return (1 - p) * (has_pivot(SHARE) if attack.thrifty else 1)
    worse, total = 1.0, 0.0  # the probability that opening more does not do
    for count in range(attack.own + 1):
        total += count * worse * best_of(p, comb(attack.own, count))
        worse *= (1 - p) ** comb(attack.own, count)
    return total


# ---- the game


MAINTAINERS = [f"colluder {i}" if i < COLLUDING else f"honest {i}" for i in range(FREE)]


def is_captured(pivot: bytes, secrets: Secrets, again: bytes = bytes(32)) -> bool:
    """Return whether the draw gives the vote to the colluders."""
    deck = draw.deal(draw.draw_seed(pivot, secrets, again), MAINTAINERS, (), VOTERS)
    return sum(card.startswith("colluder") for card in deck) >= NEEDED


def subsets(items: Secrets) -> Iterator[Secrets]:
    """Return all subsets, the largest first."""
    for size in range(len(items), -1, -1):
        yield from combinations(items, size)


class Game:
    """Rounds with random blocks and secrets."""

    def __init__(self, seed: int, rounds: int) -> None:
        self.random = Random(seed)
        self.rounds = rounds

    def words(self, count: int) -> list[bytes]:
        """Return so many block hashes, or secrets."""
        return [self.random.randbytes(32) for _ in range(count)]

    def word(self) -> bytes:
        """Return one."""
        return self.random.randbytes(32)

    def is_producers(self) -> bool:
        """Return whether a block is the attacker's."""
        return self.random.random() < SHARE

    def is_pivots_producer(self) -> bool:
        """Play the closing of a window against nodes that close at once.

        The attacker closes itself if its turn comes next. If it makes a block but not the next one, it
        leaves the others' closing out, once: the next block's maker puts it in.
        """
        if self.is_producers():
            return self.is_producers() or self.is_producers()
        return self.is_producers()

    def rows(self) -> Iterator[Row]:
        """Play everything that depends on the rule."""
        p = captured(FREE, COLLUDING, VOTERS, NEEDED)
        for attack in ATTACKS:
            for rule in Rule:
                outcomes = [self.play(rule, attack) for _ in range(self.rounds)]
                won, kept = (sum(each) / self.rounds for each in zip(*outcomes, strict=True))
                costs = (kept, withheld(rule, attack, p)) if attack.own and attack.honest else ()
                yield Row(attack.name, rule, self.rounds, won, formula(rule, attack, p), *costs)

    def play(self, rule: Rule, attack: Attack) -> tuple[bool, int]:
        """Play one round; return whether the vote is captured, and how many secrets are withheld."""
        others, late, own = (self.words(count) for count in (attack.honest, attack.late, attack.own))
        everything = [*others, *late, *own]
        if rule is Rule.BLOCK:
            grinds = attack.produces and self.is_pivots_producer()
            return any(is_captured(pivot, everything) for pivot in self.words(TRIES if grinds else 1)), 0
        pivot = self.word()
        if not others:  # what it does not commit, it need not open
            return any(is_captured(pivot, opened) for opened in subsets(own) if opened), 0
        last = not attack.produces or self.is_producers()  # whether who closes is the attacker
        if rule is Rule.OPENED:
            opened = self.best(pivot, [*others, *late], own)
            if late and last:
                menu = subsets(late) if attack.produces else (late[:n] for n in range(len(late), -1, -1))
                opened = next((each for each in menu if is_captured(pivot, [*others, *each])), late)
                return is_captured(pivot, [*others, *opened]), 0
            return is_captured(pivot, [*others, *late, *opened]), len(own) - len(opened)
        return self.disclose(pivot, everything, attack, last)

    def best(self, pivot: bytes, others: Secrets, own: Secrets) -> Secrets:
        """Return which of its secrets a party opens that knows the pivot and all other secrets."""
        return next((each for each in subsets(own) if is_captured(pivot, [*others, *each])), own)

    def disclose(self, pivot: bytes, secrets: Secrets, attack: Attack, last: bool) -> tuple[bool, int]:
        """Play the window after all have committed."""
        if not attack.dies and is_captured(pivot, secrets):
            return True, 0
        makes_pivot = attack.produces and (self.is_producers() if attack.late else self.is_pivots_producer())
        withholds = attack.own > 0 and (makes_pivot or not attack.thrifty)
        if not (withholds or attack.dies or (attack.late and last)):
            return False, 0
        blocks = self.words(TRIES if makes_pivot else 1)
        return any(is_captured(pivot, secrets[:-1], again) for again in blocks), int(withholds)

    # ---- whatever the rule

    def producers(self) -> Iterator[Row]:
        """Play what a producer can do under each of them."""
        yield self.row("makes the pivot", self.is_pivots_producer, has_pivot(SHARE))
        for blocks in (1, 2, 3, 7):
            outcome = partial(self.shuts_out, blocks)
            yield self.row(f"shuts out, b = {blocks}", outcome, SHARE**blocks)
        a = captured(PEOPLE, COLLUDERS, PEOPLE - PLACES, NEEDED)
        for tries in (1, 10, 100):
            outcome = partial(self.admission_decides, tries)
            yield self.row(f"decides who is left to test, T = {tries}", outcome, best_of(a, tries))
        own, entries, places, tries = 4, 8, 3, 10
        outcome = partial(self.fills_all_places, own, entries, places, tries)
        all_places = comb(own, places) / comb(entries, places)
        yield self.row(f"fills all places, T = {tries}", outcome, best_of(all_places, tries))

    def row(self, attack: str, outcome: Callable[[], bool], formula: float) -> Row:
        """Play one of them."""
        played = sum(outcome() for _ in range(self.rounds)) / self.rounds
        return Row(attack, "any", self.rounds, played, formula)

    def shuts_out(self, blocks: int) -> bool:
        """Play the last blocks of a window; return whether the attacker makes all of them."""
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
    """Return the tables: the three rules side by side, producers, what withholding costs."""
    found = {(row.attack, row.rule): row for row in rows}
    yield f"| attacker | {' | '.join(Rule)} | withheld, {Rule.OPENED} | withheld, {Rule.DISCLOSED} |"
    yield "|---|---|---|---|---|---|"
    for attack in ATTACKS:
        each = [found[attack.name, rule] for rule in Rule]
        cells = [cell(row.played, row.formula) for row in each]
        cells += [cell(row.withheld, row.withheld_formula) for row in each[1:]]
        yield f"| {attack.name} | {' | '.join(cells)} |"
    yield ""
    yield "| one block in three | played (formula) |"
    yield "|---|---|"
    for (name, rule), row in found.items():
        if rule == "any":
            yield f"| {name} | {cell(row.played, row.formula)} |"
    yield ""
    yield "| free, colluding, needed | honest draw, p | two draws | deposits for each capture beyond luck |"
    yield "|---|---|---|---|"
    committees = ((30, 9, 5, 2), (30, 3, 5, 3), (30, 9, 5, 3), (12, 4, 5, 3), (100, 30, 21, 10))
    for free, colluding, seats, needed in committees:
        p = captured(free, colluding, seats, needed)
        yield f"| {free}, {colluding}, {needed} of {seats} | {p:.3f} | {best_of(p, 2):.3f} | {1 / p:.1f} |"


def cell(played: float | None, formula: float | None) -> str:
    """Return what was played and what the formula says."""
    return "" if played is None or formula is None else f"{played:.3f} ({formula:.3f})"


def main() -> None:
    """Run as the module's docstring says."""
    parser = argparse.ArgumentParser(description="Measure who can bias the draws of a round.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3000, help="of each line")
    parser.add_argument("--json", action="store_true", help="one JSON line per row instead of Markdown")
    options = parser.parse_args()
    game = Game(options.seed, options.rounds)
    rows = [*game.rows(), *game.producers()]
    for line in (json.dumps(asdict(row)) for row in rows) if options.json else markdown(rows):
        print(line)


if __name__ == "__main__":
    main()
