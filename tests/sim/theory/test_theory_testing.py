"""Lemma 13: measuring against guessing, with the rule's own verdicts and on the compiled contracts."""

import numpy as np
import pytest

from derelay.rules.fees import agrees
from derelay.rules.parameters import OPEN
from derelay.rules.score import pack
from derelay.rules.units import NANO
from derelay.rules.verdict import Seat, Verdict, verdict
from derelay.sim.relay import Economy, Setting, play
from derelay.sim.strategies.duties import Keeper, Trainer
from derelay.sim.strategies.guessing import Lazy
from derelay.sim.theory.chances import Chances
from derelay.sim.theory.testing import (
    Skill,
    advantage,
    canaries_needed,
    closeness_advantage,
    least_failed,
    pay_guessing,
    pay_measuring,
    rare_advantage,
)

RULE = {name: getattr(OPEN, name) for name in ("g_min", "clip", "trim", "z_pass", "z_fail")}
YES, NO = Seat(3 * NANO // 1000, 0), Seat(-3 * NANO // 1000, 0)


class Committee:
    """Children of two kinds, judged by four who measure and a fifth who measures, too; or guesses."""

    def __init__(self, bad: float, many: int = 4000) -> None:
        random = np.random.default_rng(1)
        self.true = np.where(random.random(many) < bad, -0.03, 0.03)
        self.gains = self.true[:, None] + 0.02 * random.standard_normal((many, 5))

    def pays(self, fifth: Seat | None):
        """Yield each verdict, and whether the fifth seat agrees with it."""
        for gains in self.gains:
            seats = [Seat(round(NANO * gain), round(NANO * 0.02)) for gain in gains]
            seats[4] = fifth or seats[4]
            outcome = verdict(seats, **RULE).verdict
            yield outcome, agrees(pack(seats[4]), outcome, OPEN.g_min)

    def paid(self, fifth: Seat | None = None) -> float:
        return float(np.mean([agreed for _, agreed in self.pays(fifth)]))

    def found(self) -> tuple[Chances, Skill]:
        """Return what there is to know, all five measuring."""
        counts = {each: [0, 0] for each in Verdict}
        for outcome, agreed in self.pays(None):
            counts[outcome][agreed] += 1
        share = {each: sum(counts[each]) / len(self.gains) for each in Verdict}
        right = {each: counts[each][1] / max(sum(counts[each]), 1) for each in Verdict}
        return (
            Chances(share[Verdict.PASS], share[Verdict.UNDECIDED], share[Verdict.FAIL]),
            Skill(right[Verdict.PASS], right[Verdict.FAIL]),
        )


@pytest.mark.parametrize("bad", [0.0, 0.1, 0.3, 0.5])
def test_pay_is_what_the_lemma_says(bad):
    committee = Committee(bad)
    chances, skill = committee.found()
    assert committee.paid() == pytest.approx(pay_measuring(chances, skill))
    # A guess sways the verdict a little, which the lemma leaves out; it is one seat of five, and trimmed.
    assert max(committee.paid(YES), committee.paid(NO)) == pytest.approx(pay_guessing(chances), abs=0.06)


def test_guessing_is_paid_better_where_nearly_all_children_pass():
    chances, skill = Committee(0.0).found()
    assert advantage(chances, skill) < 0
    chances, skill = Committee(0.5).found()
    assert advantage(chances, skill) > 0.3


def test_least_share_of_failing_children():
    skill = Skill(0.9, 0.95)
    failed = least_failed(0.2, skill, cost=0.2)
    at = Chances(0.8 - failed, 0.2, failed)
    assert at.failed < at.passed
    assert advantage(at, skill) == pytest.approx(0.2)


def test_as_many_canaries_as_needed_pay_for_measuring():
    ordinary, cost, slash = -0.05, 0.2, 10.0
    share = canaries_needed(ordinary, cost, slash)
    praised, found = -slash, 1.0
    assert (1 - share) * ordinary + share * (found - praised) == pytest.approx(cost)
    assert canaries_needed(0.3, cost, slash) == 0


@pytest.mark.parametrize("bad", [0.1, 0.3, 0.5])
def test_paying_rare_verdicts_more_makes_every_guess_worth_the_same(bad):
    committee = Committee(bad)
    chances, skill = committee.found()
    worth = {Verdict.PASS: 0.5 / chances.passed, Verdict.FAIL: 0.5 / chances.failed, Verdict.UNDECIDED: 0.0}

    def paid(fifth: Seat | None) -> float:
        return float(np.mean([worth[outcome] * agreed for outcome, agreed in committee.pays(fifth)]))

    guesses = [paid(YES), paid(NO)]
    assert guesses == pytest.approx([0.5, 0.5], abs=0.06)
    assert paid(None) - 0.5 == pytest.approx(rare_advantage(skill), abs=1e-9)
    assert paid(None) <= 1  # no more is paid on average than a fee a seat


def test_paying_closeness_is_worth_the_variance_that_measuring_explains():
    random, between, within = np.random.default_rng(2), 0.03, 0.02
    true = between * random.standard_normal(200_000)
    seat, others = (true + spread * random.standard_normal(len(true)) for spread in (within, within / 2))
    posterior = seat * between**2 / (between**2 + within**2)
    saved = np.mean(others**2) - np.mean((posterior - others) ** 2)
    assert saved == pytest.approx(closeness_advantage(between**2, within**2), rel=0.02)


class Guessing(Lazy):
    """Guesses, and does not train."""

    name = "guessing"

    def enters(self, me, table):
        return False

    def votes(self, me, table):
        return me.ballot()


def test_lazy_seats_earn_more_than_honest_ones_where_all_trainers_are_honest():
    setting = Setting(economy=Economy(version=0.0, coin=0.0, interest=0.0))
    fees = {"keeper": 0.0, "guessing": 0.0}
    seats = dict.fromkeys(fees, 0)
    for seed in range(3):
        outcome = play(setting, [Keeper()] * 8 + [Guessing()] * 2 + [Trainer()] * 4, rounds=12, seed=seed)
        for name in fees:
            fees[name] += sum(a.utility["testing"] + a.utility["measuring"] for a in outcome.of(name))
            seats[name] += sum(a.counts["tested"] for a in outcome.of(name))
    assert fees["guessing"] / seats["guessing"] > fees["keeper"] / seats["keeper"]
