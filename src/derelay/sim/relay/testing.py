"""The committee at work: children are handed in, scored, and judged."""

from __future__ import annotations

from collections import Counter

from derelay.rules.phases import Phase
from derelay.rules.score import pack
from derelay.rules.verdict import Verdict
from derelay.sim.relay.agent import Agent
from derelay.sim.relay.table import Child
from derelay.sim.relay.world import World

VOID = 0
"""The contract's verdict on who was granted nothing."""


def seal(world: World) -> None:
    """Let the trainers hand in, and some holder grant the head to the testers."""
    table = world.table
    children = {child.trainer: child for child in table.children if child.disclosed}
    for trainer in world.awake(children):
        if trainer.strategy.hands_in(trainer, table):
            _hand_in(world, children[trainer])
    readers = [tester for tester in table.deck if not tester.holds(table.head)]
    granter = next(world.serving(table.head, [*table.owners, *world.shuffled()]), None) if readers else None
    if granter is not None:
        world.grant(granter, table.head, readers)
    world.close()


def _hand_in(world: World, child: Child) -> None:
    table, trainer = world.table, child.trainer
    world.send(trainer, world.calls.hand_in(child.id, child.salt, table.seats))
    testers = table.committee(child)
    child.handed_in = True
    world.recent[child.id] = table.version, child.move
    world.holders[child.id] |= {trainer.index, *(tester.index for tester in testers)}
    shown = {tester for tester in testers if trainer.strategy.shows(trainer, table, tester)}
    if not any(tester.strategy.serves(tester, table) for tester in shown):
        child.readers = {trainer, *shown}  # nobody passes on what only some were given


def score(world: World) -> None:
    """Let the testers measure, commit to what they say, and open it."""
    table, calls = world.table, world.calls
    said = {}
    for tester in world.awake(table.deck):
        words = []
        for child in table.children_of(table.deck.index(tester)):
            words.append(pack(tester.strategy.scores(tester, table, child)))
        said[tester] = words, tester.secret()
        world.send(tester, calls.score(calls.scores_hash(table.number, tester.word, *said[tester])))
        tester.counts["tested"] += len(words)
    world.close()
    for tester in world.awake(said):
        if tester.strategy.reveals(tester, table):
            world.send(tester, calls.reveal(*said[tester]))
    world.close()


def judge(world: World) -> None:
    """Let the contract judge, and book what became of each deposit and fee."""
    table, fee = world.table, world.setting.parameters.entry_fee
    children = {child.trainer: child for child in table.children}
    found: dict[Agent, Verdict] = {}
    for name, values, who in world.advance():
        if name != "Judged":
            continue
        assert who is not None
        if values["verdict"] == VOID:
            who.counts["void"] += 1
            continue
        verdict = found[who] = Verdict(values["verdict"])
        who.books.wei["entering"] -= fee
        who.books.wei["forfeits"] -= values["forfeited"]
        who.counts[verdict.name.lower()] += 1
        who.verdicts.append((table.number, verdict))
        if who in children:
            children[who].verdict, children[who].gain = verdict, values["gain"]
    verdicts = Counter(found.values())
    for agent in world.agents:
        agent.resting = agent.resting.after(table.number, found.get(agent), verdicts)
    if world.phase is Phase.POOL:
        table.pool = [table.children[place] for place in world.contracts.current().pool]
