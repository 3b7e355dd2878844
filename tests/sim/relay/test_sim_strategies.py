"""Each strategy does on chain what it says of itself."""

from __future__ import annotations

import pytest

from derelay.sim.oracle import Delta
from derelay.sim.relay import Setting
from derelay.sim.relay.play import play_round
from derelay.sim.relay.world import World
from derelay.sim.strategies import STRATEGIES, MixError, cast, read_mix, strategy_named
from derelay.sim.strategies.unreliable import Vanishing

ROUNDS = 8
PRICE = Setting().parameters.price


def world_with(name: str, some: int = 4, honest: int = 12, rounds: int = ROUNDS) -> World:
    world = World(Setting(), cast({"honest": honest, name: some}), 5)
    for number in range(1, rounds + 1):
        play_round(world, number)
    return world


def of(world: World, name: str):
    return [agent for agent in world.agents if agent.strategy.name == name]


def count(agents, what: str) -> int:
    return sum(agent.counts[what] for agent in agents)


@pytest.mark.parametrize("name", STRATEGIES)
def test_every_strategy_plays_and_says_what_it_is(name):
    world = world_with(name, rounds=3)
    assert world.table.version > 0
    assert len(strategy_named(name).about) > 20


def test_takers_lose_every_deposit():
    takers = of(world_with("taker"), "taker")
    assert count(takers, "admitted") == count(takers, "missing") > 0
    for taker in takers:
        assert taker.books.wei["forfeits"] <= -taker.counts["missing"] * PRICE
        assert taker.books.own["training"] == 0


def test_the_head_as_it_is_never_passes():
    returners = of(world_with("returner"), "returner")
    assert count(returners, "admitted") == count(returners, "fail") > 0


def test_poison_never_passes():
    poisoners = of(world_with("poisoner"), "poisoner")
    assert count(poisoners, "admitted") > 0 == count(poisoners, "pass")


def test_keepers_never_enter_and_trainers_are_never_drawn():
    assert count(of(world_with("keeper"), "keeper"), "entered") == 0
    trainers = of(world_with("trainer"), "trainer")
    assert count(trainers, "admitted") > 0 == count(trainers, "drawn")
    assert all(trainer.bond == Setting().bonds[0] for trainer in trainers)


def test_misers_grant_nothing():
    world = world_with("miser")
    granters = {event.values["granter"] for event in grants(world)}
    assert granters
    assert granters.isdisjoint(agent.address for agent in of(world, "miser"))


def grants(world: World):
    """Play one more round; return its grants, those that come with a child handed in left out."""
    done, send = [], world.machine.send
    world.machine.send = lambda *args: done.append(send(*args)) or done[-1]
    play_round(world, ROUNDS + 1)
    rounds = world.contracts.rounds
    for each in done:
        told = [event for log in each.logs if (event := rounds.event(log)) is not None]
        if not any(event.name == "HandedIn" for event in told):
            yield from (event for event in told if event.name == "KeyGranted")


@pytest.mark.parametrize("name", ["lazy", "yes", "no", "random"])
def test_guessers_measure_nothing(name):
    guessers = of(world_with(name), name)
    assert count(guessers, "tested") > 0
    assert all(one.books.own["measuring"] == 0 for one in guessers)
    assert all(one.books.wei["slashes"] == 0 for one in guessers)


def test_guesses_differ_by_strategy():
    """Two of five seats that say yes help the worthless, two that say no hurt the good."""
    outcomes = {}
    for name in ("yes", "no"):
        agents = of(world_with(name, some=14, honest=10), "honest")
        outcomes[name] = count(agents, "pass") / count(agents, "admitted")
    assert outcomes["no"] < outcomes["yes"] - 0.3


def test_near_copies_cost_one_leg_a_round():
    world = World(Setting(), cast({"honest": 8, "near-copies": 6}), 5)
    most = 0
    for number in range(1, ROUNDS + 1):
        play_round(world, number)
        mine = [child.move for child in world.table.children if child.trainer.strategy.name == "near-copies"]
        most = max(most, len(mine))
        assert len({move.reach for move in mine}) <= 1
    spent = -sum(agent.books.own["training"] for agent in of(world, "near-copies"))
    assert spent <= ROUNDS * Setting().economy.training * 1.0001
    assert most > 1


def test_one_person_gains_a_version_once():
    world = world_with("near-copies")
    mine = of(world, "near-copies")
    honest = of(world, "honest")[0]
    world.read_versions()
    assert sum(one.books.own["versions"] for one in mine) <= max(one.newest for one in mine)
    assert honest.books.own["versions"] == honest.newest


def test_slicers_train_once_in_ten_children():
    world = World(Setting(), cast({"honest": 10, "slicer": 2}), 5)
    for number in range(1, 12):
        play_round(world, number)
    for slicer in of(world, "slicer"):
        legs = -slicer.books.own["training"] / Setting().economy.training
        assert legs == -(-slicer.counts["admitted"] // 10)


def test_colluders_pass_with_what_nobody_else_passes_with():
    colluders = of(world_with("colluder", some=8, honest=12), "colluder")
    returners = of(world_with("returner", some=8, honest=12), "returner")
    assert count(colluders, "pass") > 0 == count(returners, "pass")
    assert all(one.books.own["training"] == 0 for one in colluders)


def test_the_bribed_fail_strangers():
    bribed = world_with("bribed", some=8, honest=12, rounds=3)
    honest = world_with("honest", some=8, honest=12, rounds=3)
    assert count(of(bribed, "honest"), "fail") > count(of(honest, "honest")[:12], "fail")


def test_what_is_shown_to_friends_only_others_cannot_measure():
    world = world_with("withholder", some=6, honest=10, rounds=3)
    withholders = of(world, "withholder")
    children = [child for child in world.table.children if child.trainer in withholders]
    assert children
    for child in children:
        assert child.readers <= set(withholders)
        stranger = next(one for one in world.table.committee(child) if one not in withholders)
        assert stranger.holds(child.id)
        assert not stranger.can_open(child)
    assert count(withholders, "missing") > 0


def test_a_copier_hands_in_what_another_made():
    world = World(Setting(), cast({"honest": 10, "copier": 4}), 5)
    copied = 0
    for number in range(1, 12):
        before = {child.id: child.move.parts[0][0] for child in world.table.children if child.move.parts}
        play_round(world, number)
        for child in world.table.children:
            if child.trainer.strategy.name == "copier":
                assert {leg for leg, _ in child.move.parts} & set(before.values())
                copied += 1
    assert copied > 0
    assert all(one.books.own["training"] == 0 for one in of(world, "copier"))


def test_copied_votes_are_the_first_vote():
    world = world_with("vote-copier", some=6, honest=10)
    ballots = list(world.table.ballots.items())
    first = ballots[0][1]
    copies = [ballot for voter, ballot in ballots if voter.strategy.name == "vote-copier"]
    assert copies
    assert all(ballot == first for ballot in copies)


def test_the_absent_are_slashed_and_the_vanished_do_nothing():
    flaky = of(world_with("flaky"), "flaky")
    assert count(flaky, "slashed") > 0
    mix = [*cast({"honest": 10}), *[Vanishing(rounds=2)] * 4]
    world = World(Setting(), mix, 5)
    for number in (1, 2):
        play_round(world, number)
    before = [dict(one.counts) for one in of(world, "vanishing")]
    for number in range(3, 8):
        play_round(world, number)
    for earlier, one in zip(before, of(world, "vanishing"), strict=True):
        for what in ("entered", "tested", "voted"):
            assert one.counts[what] == earlier.get(what, 0)
        assert one.counts["slashed"] <= 1  # then it is no maintainer any more


def test_a_grinder_keeps_one_secret_at_most_and_loses_that_child():
    world = World(Setting(), cast({"honest": 10, "grinder": 8}), 5)
    kept = 0
    for number in range(1, 16):
        play_round(world, number)
        mine = [child for child in world.table.children if child.trainer.strategy.name == "grinder"]
        silent = [child for child in mine if not child.disclosed]
        assert len(silent) <= 1
        assert not any(child.handed_in for child in silent)
        kept += len(silent)
    assert 0 < kept == count(of(world, "grinder"), "missing")


def test_friends_know_each_other_and_nobody_else():
    world = World(Setting(), cast({"honest": 4, "colluder": 3, "bribed": 2}), 1)
    sizes = {agent.strategy.name: len(agent.friends) for agent in world.agents}
    assert sizes == {"honest": 1, "colluder": 3, "bribed": 2}


def test_a_mix_is_read_or_refused():
    assert read_mix("honest=3, taker=0") == {"honest": 3, "taker": 0}
    for text, reason in (
        ("honest", "name=number"),
        ("honest=x", "name=number"),
        ("honest=1,honest=2", "twice"),
        ("", "name=number"),
    ):
        with pytest.raises(MixError, match=reason):
            read_mix(text)
    with pytest.raises(MixError, match="no strategy 'saint'"):
        cast({"saint": 1})
    with pytest.raises(MixError, match="negative"):
        cast({"honest": -1})


def test_a_delta_adds_up():
    one, other = Delta(1.0, ((0, 1.0), (1, 2.0))), Delta(0.5, ((1, -2.0), (2, 1.0)))
    assert one.plus(other) == Delta(1.5, ((0, 1.0), (1, 0.0), (2, 1.0)))
    assert one.scaled(0.5) == Delta(0.5, ((0, 0.5), (1, 1.0)))
    assert one.aside == 5.0
