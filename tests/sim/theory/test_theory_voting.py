"""Lemmas 14 and 18: votes and maintenance, on the compiled contracts."""

from dataclasses import dataclass
from math import ceil, floor

import pytest

from derelay.rules.parameters import OPEN
from derelay.sim.relay import Economy, Setting, play
from derelay.sim.strategies.duties import Keeper, Trainer
from derelay.sim.strategies.guessing import NO_VOTE
from derelay.sim.theory.voting import children_for_votes, dearest_vote, entrants_needed, vote_gain

COST = 0.002


@dataclass(frozen=True)
class Abstainer(Keeper):
    """Tests honestly, and hands in an empty vote."""

    name = "abstainer"

    def votes(self, me, table):
        return NO_VOTE


def earned(trainers: int, cost: float) -> dict[str, float]:
    """Return what a draw is worth on average to those who vote and those who do not, fees less costs."""
    setting = Setting(economy=Economy(version=0.0, coin=0.0, testing=cost, interest=0.0))
    worth = dict.fromkeys(("keeper", "abstainer"), 0.0)
    drawn = dict.fromkeys(worth, 0)
    for seed in range(3):
        agents = [Keeper()] * 24 + [Abstainer()] * 4 + [Trainer()] * trainers
        outcome = play(setting, agents, rounds=10, seed=seed)
        for name in worth:
            worth[name] += sum(a.utility["testing"] + a.utility["measuring"] for a in outcome.of(name))
            drawn[name] += sum(a.counts["drawn"] for a in outcome.of(name))
    return {name: worth[name] / drawn[name] for name in worth}


@pytest.mark.parametrize("children", [1, 3])
def test_voting_pays_up_to_the_cost_that_the_lemma_names_however_few_children(children):
    voters, dearest = children * OPEN.seats, dearest_vote(OPEN.seats)
    assert vote_gain(children, voters, 0.5 * dearest) > 0 > vote_gain(children, voters, 1.5 * dearest)
    for cost, pays in ((0.5 * dearest, True), (1.5 * dearest, False)):
        paid = earned(children, cost)
        assert (paid["keeper"] > paid["abstainer"]) == pays


def test_gain_is_zero_with_as_many_children_as_needed():
    for voters in (5, 21):
        children = children_for_votes(voters, COST)
        assert 3 * children * OPEN.seat_fee / OPEN.price / voters == pytest.approx(3 * COST)
        assert vote_gain(round(children) + 1, voters, COST) > 0 > vote_gain(round(children) - 1, voters, COST)


@pytest.mark.parametrize(("tester", "voters"), [(Abstainer(), 0), (Keeper(), 12)])
def test_maintainers_earn_interest_from_as_many_entrants_as_needed(tester, voters):
    interest, maintainers = 1e-3, 12
    need = entrants_needed(maintainers, 20, interest, COST, voters)
    setting = Setting(economy=Economy(version=0.0, coin=0.0, testing=COST, interest=interest))

    @dataclass(frozen=True)
    class Stubborn(Trainer):
        name = "stubborn"

        def enters(self, me, table):
            return True

    def balance(trainers: int) -> float:
        agents = [tester] * maintainers + [Stubborn()] * trainers
        outcome = play(setting, agents, rounds=12, seed=1)
        return sum(
            a.utility["testing"] + a.utility["measuring"] + a.utility["interest"]
            for a in outcome.of(tester.name)
        )

    assert balance(ceil(need - 1e-9) - 1) < 0 < balance(floor(need + 1e-9) + 1)


def test_where_nobody_enters_maintainers_pay_interest_and_earn_nothing():
    setting = Setting(economy=Economy(version=0.0, coin=0.0, interest=1e-4))
    outcome = play(setting, [Keeper()] * 6, rounds=30, seed=1)
    for agent in outcome.agents:
        assert agent.total == pytest.approx(-30 * 20 * OPEN.price / OPEN.price * 1e-4)
