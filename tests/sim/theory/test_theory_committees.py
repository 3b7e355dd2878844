"""Lemma 20: committees by size of the relay, by the rules of places, admission and draw themselves."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
from eth_utils.crypto import keccak

from derelay.rules import draw
from derelay.rules.parameters import OPEN
from derelay.rules.verdict import Verdict, dropped
from derelay.sim.relay import Setting, play
from derelay.sim.strategies import Coalition, Honest, Strategy
from derelay.sim.strategies.colluding import Colluder
from derelay.sim.theory.committees import committees

ROUNDS = 1000
FRIENDS = Coalition("friends")


def played(people: int, colluding: int, only_test: bool) -> tuple[float, float]:
    """Open rounds that everybody enters; return how often a child's committee, and the vote, are captured."""
    names = [f"0x{i:040x}" for i in range(people)]
    bad = set(names[:colluding])
    entrants = [name for name in names if not (only_test and name in bad)]
    room, seats = draw.places(
        len(entrants), len(entrants), people, seats=OPEN.seats, load=OPEN.load, min_seats=OPEN.min_seats
    )
    hits: Counter[str] = Counter()
    for number in range(ROUNDS):
        admission, testers = (keccak(number.to_bytes(32, "big") + bytes([i])) for i in range(2))
        admitted = {entrants[i] for i in draw.admit(admission, len(entrants), room)}
        deck = draw.deal(testers, names, admitted, room * seats)
        for what, size, trim in (("verdict", seats, OPEN.trim), ("vote", OPEN.voters, OPEN.vote_trim)):
            committee = deck[:size]
            hits[what] += len(bad.intersection(committee)) > dropped(len(committee), trim)
    return hits["verdict"] / ROUNDS, hits["vote"] / ROUNDS


@pytest.mark.parametrize("only_test", [False, True])
@pytest.mark.parametrize(("people", "colluding"), [(12, 2), (24, 5), (24, 12), (50, 10)])
def test_committees_are_captured_as_often_as_the_lemma_says(people, colluding, only_test):
    told = committees(people, colluding, only_test=only_test)
    assert played(people, colluding, only_test) == pytest.approx((told.verdict, told.vote), abs=0.04)


@pytest.mark.parametrize("people", [12, 24, 50, 100])
def test_whoever_only_tests_captures_more(people):
    colluding = people // 5
    train, test = committees(people, colluding), committees(people, colluding, only_test=True)
    assert test.verdict > train.verdict
    assert test.vote >= train.vote


@pytest.mark.parametrize("people", [24, 50, 100])
def test_a_sixth_seat_halves_what_five_let_through(people):
    """A fifth of the seats, rounded up, is dropped: of five one, of six two."""
    for colluding in (people // 10, people // 5):
        five, six = (committees(people, colluding, replace(OPEN, seats=m)).verdict for m in (5, 6))
        assert six < five / 2


@dataclass(frozen=True)
class Friend(Colluder):
    """Praises friends' children, and never trains."""

    name = "friend"

    def enters(self, me, table):
        return False


def passes(friends: Sequence[Strategy], seats: int) -> float:
    """Return how many of the empty children of five friends among 24 pass, the others being honest."""
    setting = Setting(parameters=replace(OPEN, seats=seats))
    verdicts: Counter[Verdict] = Counter()
    for seed in range(5):
        outcome = play(setting, [Honest()] * 19 + [*friends], rounds=15, seed=seed)
        for agent in outcome.agents[19:]:
            verdicts.update(verdict for _, verdict in agent.verdicts)
    return verdicts[Verdict.PASS] / verdicts.total()


def test_empty_children_pass_whose_maker_s_friends_only_test():
    one, four = [Colluder(FRIENDS)], [Friend(FRIENDS)] * 4
    only_test = passes(one + four, 5)
    assert passes(one * 5, 5) < 0.2 < 0.55 < only_test
    assert passes(one + four, 6) < 0.6 * only_test


def test_places_and_seats_are_those_of_a_played_round():
    outcome = play(Setting(), [Honest()] * 12, rounds=1, seed=1)
    told = committees(12, 1)
    tested = sum(agent.counts["tested"] for agent in outcome.agents)
    assert outcome.rounds[0].admitted == told.places
    assert tested == told.places * told.seats
