"""Lemma 19: verdicts that are judged again, by the draw and the rule themselves."""

from dataclasses import replace

import pytest
from eth_utils.crypto import keccak

from derelay.rules import draw
from derelay.rules.parameters import OPEN
from derelay.rules.units import NANO
from derelay.rules.verdict import Seat, Verdict, verdict
from derelay.sim.theory.appeals import Appeals
from derelay.sim.theory.collusion import verdict_captured

FREE, COLLUDING, CHILDREN = 30, 9, 1500
NAMES = [f"0x{i:040x}" for i in range(FREE)]
GOOD, BLAME = Seat(50 * NANO // 1000, NANO // 1000), Seat(-NANO, 0)


def failed(child: int, attempt: int, seats: int, trim: int) -> bool:
    """Draw a committee for a good child that the colluders blame; return whether they fail it."""
    seed = keccak(child.to_bytes(32, "big") + attempt.to_bytes(32, "big"))
    words = [BLAME if int(who, 16) < COLLUDING else GOOD for who in draw.deal(seed, NAMES, (), seats)]
    rule = {name: getattr(OPEN, name) for name in ("g_min", "clip", "z_pass", "z_fail")}
    return verdict(words, trim=trim, **rule).verdict is Verdict.FAIL


@pytest.mark.parametrize("trim", [OPEN.trim, OPEN.vote_trim])
def test_verdicts_are_turned_as_often_as_the_lemma_says(trim):
    appeals, share = Appeals(seats=15, trim=trim), 0.4
    first = [failed(child, 0, OPEN.seats, OPEN.trim) for child in range(CHILDREN)]
    second = [failed(child, 1, 15, trim) for child in range(CHILDREN)]
    again = range(round(share * CHILDREN))
    by_lot = (sum(second[i] for i in again) + sum(first[len(again) :])) / CHILDREN
    wronged = sum(one and other for one, other in zip(first, second, strict=True)) / CHILDREN
    assert by_lot == pytest.approx(appeals.by_lot(FREE, COLLUDING, share), abs=0.04)
    assert wronged == pytest.approx(appeals.by_the_wronged(FREE, COLLUDING), abs=0.04)


@pytest.mark.parametrize("colluding", [3, 6, 9])
@pytest.mark.parametrize("seats", [6, 11, 16])
def test_appeals_by_lot_are_worse_than_as_many_measurements_of_every_child(colluding, seats):
    """Committees of a seat more than a multiple of five: there a fifth, rounded up, drops the most."""
    appeals = Appeals()
    share = (seats - OPEN.seats) / appeals.seats
    assert appeals.measurements(share) == pytest.approx(seats)
    flat = verdict_captured(FREE, colluding, replace(OPEN, seats=seats))
    assert flat < appeals.by_lot(FREE, colluding, share)


def test_a_larger_committee_of_the_same_rule_protects_from_few_and_delivers_to_many():
    first, second = Appeals().captured(FREE, 3)
    assert second < first / 50
    first, second = Appeals().captured(FREE, COLLUDING)
    assert second > 1.5 * first
    first, second = Appeals(trim=OPEN.vote_trim).captured(FREE, COLLUDING)
    assert second < first / 5
