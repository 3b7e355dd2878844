"""Lemmas 15 and 16: captured committees by the draw itself; rejecting by the rules and on the contracts."""

from dataclasses import dataclass, replace

import pytest
from eth_utils.crypto import keccak

from derelay.rules import draw, minting
from derelay.rules.minting import COIN
from derelay.rules.parameters import OPEN, Parameters
from derelay.rules.royalties import Royalties
from derelay.rules.units import NANO, SHARE_ONE
from derelay.rules.verdict import Seat, robust_gain
from derelay.sim.relay import Setting, play
from derelay.sim.strategies import Coalition
from derelay.sim.strategies.duties import Keeper, Trainer
from derelay.sim.theory.collusion import (
    captured,
    lied_gain,
    lied_part,
    names_for,
    rejecting_gain,
    weight_that_rejects,
)

BURNED = replace(OPEN, burned_share=SHARE_ONE)
FRIENDS = Coalition("friends")


@dataclass(frozen=True)
class Friend(Trainer):
    """Has friends among the testers."""

    name = "friend"


@dataclass(frozen=True)
class Fan(Keeper):
    """Praises friends by the clip, and measures the others."""

    name = "fan"

    def scores(self, me, table, child):
        return Seat(OPEN.clip, 0) if child.trainer in me.friends else me.measure(child)


@dataclass(frozen=True)
class Blamer(Keeper):
    """Condemns every child."""

    name = "blamer"

    def scores(self, me, table, child):
        return Seat(-NANO, 0)


@pytest.mark.parametrize(("free", "colluding", "seats", "needed"), [(12, 4, 5, 2), (30, 9, 5, 3)])
def test_captured_is_how_often_the_draw_says_so(free, colluding, seats, needed):
    names = [f"0x{i:040x}" for i in range(free)]
    hits = 0
    for number in range(2000):
        deck = draw.deal(keccak(number.to_bytes(32, "big")), names, (), seats)
        hits += sum(int(name, 16) < colluding for name in deck) >= needed
    assert hits / 2000 == pytest.approx(captured(free, colluding, seats, needed), abs=0.035)


@pytest.mark.parametrize("lying", range(6))
def test_praise_is_worth_what_trimming_leaves_of_it(lying):
    honest = round(0.05 * NANO)
    seats = [Seat(10 * NANO, 0)] * lying + [Seat(honest, 0)] * (OPEN.seats - lying)
    gain = robust_gain(seats, clip=OPEN.clip, trim=OPEN.trim).gain
    assert gain / NANO == pytest.approx(lied_gain(0.05, lying), abs=1e-8)


@pytest.mark.parametrize("lying", [0, 2, 5])
def test_praise_wins_at_most_two_parts_on_the_rule(lying):
    """The pot as the contract splits it: best first, none for more than twice the middle one."""
    others = 6
    gains = sorted([round(gain * NANO) for gain in (lied_gain(0.05, lying), *[0.05] * others)], reverse=True)
    praised, *honest = minting.parts(COIN, SHARE_ONE, minting.counted(gains, OPEN.g_min))
    assert praised / (praised + sum(honest)) == pytest.approx(lied_part(0.05, lying, others), abs=1e-9)
    assert (
        lied_part(0.05, lying, others) <= 2 / (2 + others) < lied_gain(0.05, 2) / (lied_gain(0.05, 2) + 0.3)
    )


def test_a_praised_child_has_no_more_than_two_parts_on_the_contracts():
    """The first round, when everybody has the same; of twenty testers fifteen praise one child."""
    shares = []
    for seed in range(6):
        agents = [Keeper()] * 5 + [Trainer()] * 5 + [Friend(FRIENDS)] + [Fan(FRIENDS)] * 15
        outcome = play(Setting(), agents, rounds=1, seed=seed)
        coins = {name: [a.utility["trained"] for a in outcome.of(name)] for name in ("trainer", "friend")}
        if all(coins["trainer"]) and outcome.rounds[0].candidate != "best":
            shares.append(coins["friend"][0] / sum(coins["friend"] + coins["trainer"]))
    assert len(shares) > 3
    assert 0.9 * 2 / 7 < max(shares) <= 2 / 6 + 1e-9


def test_names_are_the_share_that_they_should_be():
    for share in (0.1, 0.3, 0.5):
        names = names_for(share, 40)
        assert names / (names + 40) >= share > (names - 1) / (names + 39)


def test_holder_gets_its_part_of_a_forfeited_deposit_and_that_of_paused_testers():
    royalties = Royalties(9 * 10**17)
    for who, weight in (("holder", 30), ("tester", 40), ("other", 30)):
        royalties.add(who, weight * 10**18)
    royalties.pause("tester")
    royalties.pay(8 * 10**18)
    weight = 30 / (30 + 30)
    assert royalties.owed("holder") / 10**18 == pytest.approx(weight * 8)
    assert rejecting_gain(8, weight, probability=1.0) == pytest.approx(weight * 8)


def test_rejecting_pays_from_the_weight_that_the_lemma_names_and_never_if_all_is_burned():
    chance = captured(30, 9, 5, 2)
    weight = weight_that_rejects(8, chance)
    assert rejecting_gain(8, 0.9 * weight, chance) < 0 < rejecting_gain(8, 1.1 * weight, chance)
    assert rejecting_gain(8, 1.0, chance, rules=BURNED) < 0
    assert rejecting_gain(8, 1.0, chance, crowding=0.1, rules=BURNED) > 0


def creator(tester: type[Keeper], rules: Parameters) -> tuple[float, float]:
    """Return the creator's royalties in native currency, and what the head gained."""
    agents = [Trainer()] * 5 + [Keeper()] * 8 + [tester()] * 6
    outcome = play(Setting(parameters=rules), agents, rounds=8, seed=9)
    return outcome.agents[0].utility["royalties"], outcome.rounds[-1].quality


def test_whoever_holds_royalties_gains_from_testers_who_reject():
    (honest, learned), (bribed, spoiled) = creator(Keeper, OPEN), creator(Blamer, OPEN)
    assert bribed > honest + 1
    assert spoiled < learned


def test_where_what_verdicts_take_is_burned_they_gain_nothing():
    (honest, _), (bribed, _) = creator(Keeper, BURNED), creator(Blamer, BURNED)
    assert bribed <= honest + 0.1
