"""A played relay agrees with its chain, loses no money, and can be played again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from derelay.contracts import NAMES
from derelay.rules.parameters import OPEN, ParameterError
from derelay.sim.relay import Economy, Setting, play
from derelay.sim.relay.play import play_round
from derelay.sim.relay.world import WEALTH, World
from derelay.sim.strategies import Honest, cast

MIXED = {"honest": 7, "taker": 1, "poisoner": 1, "flaky": 3, "colluder": 2}
DUST = 10**6
"""Wei, and units of 1e-18 coin, that roundings leave in the accounts contract."""


def test_the_same_seed_is_the_same_game():
    first, again, other = (play(Setting(), cast(MIXED), 6, seed) for seed in (1, 1, 2))
    assert repr(first) == repr(again)
    assert repr(first) != repr(other)


def test_watching_changes_nothing():
    seen = []
    outcome = play(Setting(), cast(MIXED), 4, 5, seen.append)
    assert tuple(map(repr, seen)) == tuple(map(repr, outcome.rounds))


@pytest.fixture(scope="module")
def world() -> World:
    """A relay after six rounds with all sorts of people."""
    world = World(Setting(), cast(MIXED), 11)
    for number in range(1, 7):
        play_round(world, number)
    return world


def test_no_wei_appears_or_vanishes(world):
    machine = world.machine
    contracts = (getattr(world.contracts, name).address for name in NAMES)
    people = [agent.address for agent in world.agents]
    held = sum(machine.balance(who) for who in (*contracts, *people))
    assert held == WEALTH * len(people)


def test_parts_explain_every_wei_of_an_agent(world):
    """What an agent has and is owed, less what it began with, is what its books say."""
    for agent in world.agents:
        native, _ = world.contracts.owed(agent.word)
        bond = world.contracts.registry.read("member", agent.address)[2]
        assert bond == agent.bond
        now = world.machine.balance(agent.address) + native + bond
        parts = sum(agent.books.wei.values()) + native - agent.books.credited
        assert now - WEALTH == parts


def test_coins_are_all_owed_to_somebody(world):
    supply = world.contracts.coin.read("totalSupply")
    owed = sum(world.contracts.owed(agent.word)[1] for agent in world.agents)
    assert 0 <= supply - owed <= DUST
    assert supply > 0


def test_what_the_world_believes_is_what_the_chain_says(world):
    rounds = world.contracts.rounds
    state, head, owners, pool = rounds.read("current")
    table = world.table
    assert (head[0], head[1]) == (table.head, table.version)
    assert list(owners) == [owner.address for owner in table.owners]
    assert list(pool) == [child.place for child in table.pool] == world.contracts.current().pool
    assert state[0] == table.number == world.contracts.current()["number"]
    for child in table.children:
        held = {agent.index for agent in world.agents if rounds.read("holds", child.id, agent.address)}
        assert held == world.holders[child.id]
    held = {agent.index for agent in world.agents if rounds.read("holds", table.head, agent.address)}
    assert held == world.holders[table.head]
    deck = [card[0] for card in rounds.read("deck_of", table.number, 0)]
    assert deck == [tester.address for tester in table.deck]


def test_the_head_learns_and_then_stops_learning():
    outcome = play(Setting(), [Honest()] * 12, 20, 3)
    start = Setting().oracle.start
    assert outcome.rounds[0].gain > 0.2 * start
    assert outcome.rounds[-1].quality > 0.85 * start
    assert abs(outcome.rounds[-1].quality - outcome.rounds[-6].quality) < 0.1


def test_fewer_maintainers_than_a_round_needs_play_no_round():
    outcome = play(Setting(), [Honest()] * (OPEN.min_seats - 1), 3, 1)
    assert [each.entered for each in outcome.rounds] == [0, 0, 0]


def test_parameters_that_cannot_work_are_refused():
    with pytest.raises(ParameterError, match="min_seats"):
        play(Setting(parameters=replace(OPEN, min_seats=9)), [Honest()] * 4, 1, 1)


def test_nobody_is_no_relay():
    with pytest.raises(ValueError, match="agents"):
        play(Setting(), [], 1, 1)


def test_what_things_are_worth_changes_no_move():
    rich = Economy(version=9, nat=3, coin=7, training=2, testing=1, interest=0.1, gas=1)
    one, other = (play(Setting(economy=each), cast(MIXED), 5, 4) for each in (Economy(), rich))
    assert repr(one.rounds) == repr(other.rounds)
    for poor, wealthy in zip(one.agents, other.agents, strict=True):
        assert wealthy.utility["versions"] > poor.utility["versions"]
        assert wealthy.utility["gas"] < poor.utility["gas"] == 0
        assert wealthy.utility["trained"] == pytest.approx(7 * poor.utility["trained"])
        for part in ("entering", "forfeits", "testing", "royalties", "slashes"):
            assert wealthy.utility[part] == poor.utility[part]


def test_who_is_needed_as_a_tester_does_not_enter():
    outcome = play(Setting(), cast({"honest": 3, "trainer": 2}), rounds=4, seed=1)
    entered = {one.strategy.name: one.counts["entered"] for one in outcome.agents}
    assert entered["honest"] == 0
    assert entered["trainer"] > 0
