"""The oracle does what its numbers say, and what real relays did."""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from dataclasses import replace
from importlib.resources import files
from random import Random
from statistics import mean, median, stdev

import pytest

from derelay.rules.units import NANO
from derelay.sim.oracle import TASKS, Cases, Curve, Landscape, Oracle, OracleError
from derelay.sim.oracle.delta import pooled
from derelay.sim.relay import Setting, play
from derelay.sim.strategies import Honest
from derelay.sim.strategies.free_riders import Noise, Poisoner

VERDICTS = ("pass", "undecided", "fail")


def landscape(left: float | None = None, seed: int = 1) -> Landscape:
    oracle = Oracle.of("digits")
    return Landscape(oracle if left is None else replace(oracle, start=left), Random(seed))


def test_the_head_gains_what_moves_it():
    ground = landscape()
    move = pooled([ground.leg() for _ in range(7)], 0.25)
    gain = ground.gain(move)
    ground.move(move)
    assert gain > 0
    assert ground.quality == pytest.approx(gain)


def test_nobody_learns_more_than_there_is():
    ground = landscape(0.001)
    ground.move(pooled([ground.leg() for _ in range(7)], 0.25).scaled(100))
    assert ground.left >= 0


@pytest.mark.parametrize("left", [0.5, 0.1, 0.04])
def test_pooling_helps_and_the_whole_step_goes_too_far(left):
    ground = landscape(left)
    legs = [ground.leg() for _ in range(400)]
    single = mean(ground.gain(leg.scaled(0.25)) for leg in legs)
    pools = [mean(ground.gain(pooled(legs[i : i + k], 0.25)) for i in range(0, 392, k)) for k in (2, 4, 8)]
    assert single < pools[0] < pools[1] < pools[2]
    assert mean(map(ground.gain, legs)) < single


def test_copies_are_one_leg():
    ground = landscape(0.1)
    leg = ground.leg()
    assert ground.gain(pooled([leg] * 8, 0.25)) == pytest.approx(ground.gain(leg))
    assert ground.gain(pooled([leg] * 2, 0.25)) == pytest.approx(ground.gain(leg.scaled(0.5)))


def test_the_head_as_it_is_gains_nothing_for_certain():
    ground = landscape()
    seat = ground.measure(Cases(ground.oracle, Random(2)), ground.leg().scaled(0))
    assert (seat.gain, seat.se) == (0, 0)


def test_noise_and_poison_cost():
    ground = landscape(0.1)
    noises = [ground.gain(ground.noise(share).scaled(0.25)) for share in (0.01, 0.05, 0.3)]
    assert 0 > noises[0] > noises[1] > noises[2]
    assert ground.gain(ground.poison().scaled(0.25)) < noises[2]


def test_less_effort_goes_less_far():
    ground = landscape(0.2)
    gains = [mean(ground.gain(ground.leg(f).scaled(0.25)) for _ in range(300)) for f in (0.01, 0.1, 0.5, 1.0)]
    assert gains == sorted(gains)
    assert 0 < gains[1] < gains[-1] / 2


def test_testers_differ_as_the_numbers_say():
    ground = landscape(0.1)
    oracle = ground.oracle
    leg = ground.leg().scaled(0.25)
    testers = [Cases(oracle, Random(f"tester {i}")) for i in range(4000)]
    seats = [ground.measure(cases, leg) for cases in testers]
    size = 0.25 * math.sqrt(oracle.shared * (4 * leg.reach) ** 2 + (1 - oracle.shared) * 16 * leg.aside)
    apart = math.hypot(oracle.differ.at(0.1), oracle.spread.at(0.1)) * math.exp(oracle.tester_log**2)
    assert stdev(seat.gain for seat in seats) / NANO == pytest.approx(apart * size, rel=0.15)
    assert median(seat.se for seat in seats) / NANO == pytest.approx(oracle.spread.at(0.1) * size, rel=0.05)
    assert mean(seat.gain for seat in seats) / NANO == pytest.approx(ground.gain(leg), abs=0.001)


def test_a_tester_measures_the_same_until_the_head_moves():
    ground = landscape(0.1)
    cases, leg = Cases(ground.oracle, Random(3)), ground.leg()
    first, again = (ground.measure(cases, leg.scaled(0.25)).gain for _ in range(2))
    assert first == again
    ground.move(pooled([ground.leg()], 0.25))
    assert ground.measure(cases, leg.scaled(0.25)).gain != first


@pytest.mark.parametrize("task", TASKS)
def test_simulated_verdicts_are_those_of_real_relays(task):
    """Of other relays than those that the oracle was fitted to: the demo with its two cheats, by rounds."""
    content = json.loads(files("derelay.sim.oracle").joinpath(f"{task}.json").read_text())
    counts: defaultdict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    names = ["honest"] * 10 + ["free-rider", "poisoner"]
    spans = [each["rounds"] for each in content["real"]["honest"]]
    for seed in range(1, 9):
        agents = [*[Honest()] * 10, Noise(), Poisoner()]
        outcome = play(Setting(oracle=Oracle.of(task)), agents, spans[-1][1], seed)
        for name, agent in zip(names, outcome.agents, strict=True):
            for number, verdict in agent.verdicts:
                first = next(first for first, last in spans if first <= number <= last)
                counts[name, first][verdict.name.lower()] += 1
    apart = []
    for name, real in content["real"].items():
        for each in real:
            if each["children"] >= 20:  # of fewer, chance alone makes a quarter
                count = counts[name, each["rounds"][0]]
                shares = [count[verdict] / count.total() for verdict in VERDICTS]
                apart += [abs(a - b) for a, b in zip(shares, each["shares"], strict=True)]
    assert max(apart) < 0.35
    assert mean(apart) < 0.1


def test_an_oracle_is_read_as_it_was_written(tmp_path):
    oracle = Oracle.of("digits")
    assert Oracle.from_dict(oracle.to_dict()) == oracle
    file = tmp_path / "mine.json"
    file.write_text(json.dumps({"oracle": oracle.to_dict()}))
    assert Oracle.of(str(file)) == oracle
    file.write_text(json.dumps({"oracle": oracle.to_dict() | {"wit": 3}}))
    with pytest.raises(OracleError, match="wit"):
        Oracle.of(str(file))


def test_a_curve_is_nothing_where_nothing_is_left():
    assert Curve(2.0, -0.5).at(0) == 0
    assert Curve(2.0, 0.5).at(4) == 4
