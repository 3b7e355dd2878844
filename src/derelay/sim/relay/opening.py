"""The rest between rounds, and the opening of a round: who enters, and who finds a place."""

from __future__ import annotations

from derelay.rules.phases import Phase
from derelay.sim.relay.agent import Agent
from derelay.sim.relay.calls import word
from derelay.sim.relay.table import Entry
from derelay.sim.relay.world import World


def hand_over(world: World) -> None:
    """Let a holder grant the head to those of its owners who do not hold it."""
    table = world.table
    missing = [owner for owner in table.owners if not owner.holds(table.head)]
    granter = next(world.serving(table.head, world.shuffled()), None) if missing else None
    if granter is not None:
        world.grant(granter, table.head, missing)


def rest(world: World) -> None:
    """Hand the head over; let the slashed maintain again; open the next round if enough maintain."""
    hand_over(world)
    for agent in world.awake([one for one in world.agents if one.dropped]):
        _maintain_again(world, agent)
    world.read_versions()
    if world.contracts.maintainer_count() < world.setting.parameters.min_seats:
        return
    world.close()
    world.begin(world.contracts.current()["number"])


def _maintain_again(world: World, agent: Agent) -> None:
    registry = world.contracts.registry
    lacking = world.setting.bonds[1] - agent.bond
    if lacking > 0:
        world.send(agent, registry.encode("raise_bond"), lacking, registry.address)
    world.send(agent, registry.encode("maintain"), to=registry.address)
    agent.bond, agent.dropped = agent.bond + max(lacking, 0), False


def enter(world: World) -> None:
    """Let who wants enter, and admit as many as there are places."""
    table, parameters = world.table, world.setting.parameters
    needed = world.contracts.maintainer_count() <= parameters.min_seats
    for agent in world.awake(world.agents):
        if len(table.entries) == parameters.max_entries or agent.bond < world.setting.bonds[0]:
            continue
        if needed and agent.strategy.maintains and not agent.dropped:
            continue  # the contract takes no entry of who is needed as a tester
        if agent.strategy.enters(agent, table):
            secret, deposit = agent.secret(), agent.price()
            data = world.calls.enter(world.calls.secret_hash(table.number, agent.word, secret))
            world.send(agent, data, deposit + parameters.entry_fee)
            table.entries.append(Entry(agent, deposit, secret))
            agent.counts["entered"] += 1
    world.close()
    if world.phase is Phase.ADMIT:
        _admit(world)


def _admit(world: World) -> None:
    table = world.table
    entries = {entry.trainer: entry for entry in table.entries}
    order = 0
    for name, _, who in world.advance():
        if name == "Admitted":
            assert who is not None
            order += 1
            entries[who].order = order
            who.counts["admitted"] += 1
    state = world.contracts.current()
    table.seats, table.server_offset, table.seed = state["seats"], state["server_offset"], word(state["seed"])
