"""Lemmas 15 and 16: captured committees by the draw itself; rejecting by the rules and on the contracts."""

from dataclasses import dataclass

import pytest
from eth_utils.crypto import keccak

from derelay.rules import draw
from derelay.rules.parameters import OPEN
from derelay.rules.royalties import Royalties
from derelay.rules.units import NANO
from derelay.rules.verdict import Seat, robust_gain
from derelay.sim.relay import Setting, play
from derelay.sim.strategies.duties import Keeper, Trainer
from derelay.sim.theory.collusion import captured, lied_gain, names_for, rejecting_gain, weight_that_rejects


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
    assert rejecting_gain(8, 1.0, chance, paid_out=0.0) < 0
    assert rejecting_gain(8, 1.0, chance, crowding=0.1, paid_out=0.0) > 0


def test_whoever_holds_royalties_gains_from_testers_who_reject():
    def creator(tester: type[Keeper]) -> tuple[float, float]:
        agents = [Trainer()] * 5 + [Keeper()] * 8 + [tester()] * 6
        outcome = play(Setting(), agents, rounds=8, seed=9)
        return outcome.agents[0].utility["royalties"], outcome.rounds[-1].quality

    (honest, learned), (bribed, spoiled) = creator(Keeper), creator(Blamer)
    assert bribed > honest + 1
    assert spoiled < learned
