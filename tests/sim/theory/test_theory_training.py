"""Lemmas 7 to 9: what an entry costs, when to stop, how much to train."""

from collections import Counter
from dataclasses import dataclass, replace
from random import Random

import pytest

from derelay.rules.parameters import OPEN
from derelay.rules.units import NANO
from derelay.rules.verdict import Verdict, verdict
from derelay.sim.oracle import Cases, Delta, Landscape, Oracle
from derelay.sim.relay import Economy, Setting, play
from derelay.sim.strategies.duties import Keeper, Trainer
from derelay.sim.theory.chances import Chances
from derelay.sim.theory.training import (
    entering_rate,
    entry_cost,
    least_head_gain,
    most_cost_of_effort,
    most_training,
)

ECONOMY = Economy(version=0.0, coin=0.0, training=0.1, interest=0.0)
EARLY = Chances(0.76, 0.21, 0.03)
LATE = Chances(0.15, 0.58, 0.27)


@dataclass(frozen=True)
class Stubborn(Trainer):
    """Enters every round."""

    name = "stubborn"

    def enters(self, me, table):
        return True


@dataclass(frozen=True)
class Hopeless(Trainer):
    """Cannot make anything better, and enters as honest nodes do."""

    name = "hopeless"

    def trains(self, me, table):
        return Delta()


def test_an_entry_costs_leg_fee_and_the_expected_loss():
    outcome = play(Setting(economy=ECONOMY), [Keeper()] * 15 + [Stubborn()] * 5, rounds=25, seed=2)
    counts: Counter[str] = Counter()
    for agent in outcome.of("stubborn"):
        counts.update(agent.counts)
    entries = counts["admitted"]
    assert entries == 125  # there is room for all
    chances = Chances(*(counts[each] / entries for each in ("pass", "undecided", "fail")))
    parts = ("entering", "forfeits", "training")
    paid = -sum(agent.utility[part] for agent in outcome.of("stubborn") for part in parts) / entries
    # The head moved since the last grant, or it did not.
    assert entry_cost(chances, gap=0, training=0.1) <= paid <= entry_cost(chances, gap=1, training=0.1)


def test_largest_cost_of_a_leg_leaves_nothing():
    for chances in (EARLY, LATE):
        assert entry_cost(chances, 1, most_training(2.0, chances, 1)) == pytest.approx(2.0)


@pytest.mark.parametrize("failing", [0.0, 0.1, 0.5, 0.9])
def test_rate_of_entering_is_that_of_the_back_off(failing):
    """The rule of honest nodes, played with verdicts by lot."""
    random, rounds, entered, streak, sit = Random(1), 40_000, 0, 0, 0
    for _ in range(rounds):
        if sit:
            sit -= 1
            continue
        entered += 1
        streak = streak + 1 if random.random() < failing else 0
        sit = min(2 ** (streak - 1), 8) if streak else 0
    assert entered / rounds == pytest.approx(entering_rate(failing), abs=0.01)


def test_whoever_always_fails_enters_one_round_in_nine():
    rounds = 60
    outcome = play(Setting(economy=ECONOMY), [Keeper()] * 7 + [Hopeless()], rounds=rounds, seed=1)
    counts = outcome.agents[-1].counts
    assert counts["fail"] == counts["entered"] > 0
    first = 1 + 2 + 3 + 5  # rounds of the first three failures and their rests
    assert counts["entered"] == pytest.approx(3 + (rounds - first) * entering_rate(1.0), abs=2)


def test_backing_off_loses_less_than_going_on_where_little_is_left():
    near = replace(Oracle.of("digits"), start=0.01)
    setting = Setting(oracle=near, economy=ECONOMY)
    agents = [Keeper()] * 15 + [Trainer()] * 3 + [Stubborn()] * 3
    outcome = play(setting, agents, rounds=40, seed=6)
    lost = {name: -sum(a.utility["training"] + a.utility["entering"] + a.utility["forfeits"]
                       for a in outcome.of(name)) for name in ("trainer", "stubborn")}  # fmt: skip
    assert lost["trainer"] < 0.9 * lost["stubborn"]


def test_head_gain_at_which_training_breaks_even():
    cost, pot = entry_cost(LATE, training=0.1), 0.6 * 4 / 7
    gain = least_head_gain(cost, pot)
    assert pot * gain / (OPEN.g_ref / NANO) == pytest.approx(cost)
    assert least_head_gain(cost, pot, versions=cost) == 0


def test_full_effort_is_the_best_reply_up_to_the_cost_that_the_lemma_names():
    """Legs of the oracle, judged by the rule, half a nat from the best head."""
    oracle = replace(Oracle.of("digits"), start=0.5)
    rule = {name: getattr(OPEN, name) for name in ("g_min", "clip", "trim", "z_pass", "z_fail")}

    def judged(effort: float) -> Chances:
        head, counts = Landscape(oracle, Random(8)), Counter()
        for child in range(600):
            move = head.leg(effort).scaled(OPEN.step / 10_000)
            seats = [head.measure(Cases(oracle, Random(f"{child} {seat}")), move) for seat in range(5)]
            counts[verdict(seats, **rule).verdict] += 1
        return Chances(*(counts[v] / 600 for v in (Verdict.PASS, Verdict.UNDECIDED, Verdict.FAIL)))

    full, tenth = judged(1.0), judged(0.1)
    most = most_cost_of_effort(full, tenth, 0.1)
    assert full.passed > tenth.passed
    for cost, better in ((0.9 * most, True), (1.1 * most, False)):
        whole, part = entry_cost(full, training=cost), entry_cost(tenth, training=0.1 * cost)
        assert (whole < part) == better
