"""Lemmas 7 to 9: what an entry costs, when to stop, how much to train."""

from collections import Counter
from dataclasses import dataclass, replace
from random import Random

import pytest

from derelay.rules.parameters import OPEN
from derelay.rules.resting import Resting
from derelay.rules.units import NANO
from derelay.rules.verdict import Verdict, verdict
from derelay.sim.oracle import Cases, Delta, Landscape, Oracle
from derelay.sim.relay import Economy, Setting, play
from derelay.sim.strategies.duties import Keeper, Trainer
from derelay.sim.theory.chances import Chances
from derelay.sim.theory.training import (
    entering_rate,
    entering_rate_beside_passing,
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


def rate_of_entering(failing: float, others: Counter[Verdict]) -> float:
    """Let the rule of honest nodes rest or enter, its verdicts by lot, beside the same others every round."""
    random, rounds, entered, resting = Random(1), 60_000, 0, Resting()
    for number in range(rounds):
        mine = None
        if resting.is_over(number):
            entered += 1
            mine = Verdict.FAIL if random.random() < failing else Verdict.PASS
        resting = resting.after(number, mine, others)
    return entered / rounds


@pytest.mark.parametrize("failing", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_rate_of_entering_is_that_of_the_back_off(failing):
    assert rate_of_entering(failing, Counter()) == pytest.approx(entering_rate(failing), abs=0.01)
    passing = Counter({Verdict.PASS: 1})
    assert rate_of_entering(failing, passing) == pytest.approx(
        entering_rate_beside_passing(failing), abs=0.01
    )


def test_whoever_always_fails_rests_twice_as_long_each_time():
    outcome = play(Setting(economy=ECONOMY), [Keeper()] * 7 + [Hopeless()], rounds=60, seed=1)
    assert [number for number, _ in outcome.agents[-1].verdicts] == [1, 3, 6, 11, 20, 37]


def test_while_others_pass_it_tries_every_second_round_and_when_they_do_not_hardly_ever():
    agents = [Keeper()] * 9 + [Stubborn()] * 4 + [Hopeless()]
    outcome = play(Setting(economy=ECONOMY), agents, rounds=120, seed=1)
    entered = [number for number, _ in outcome.agents[-1].verdicts]
    assert sum(number <= 8 for number in entered) in (3, 4)
    assert sum(number > 60 for number in entered) <= 5


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
