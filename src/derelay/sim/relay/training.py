"""The head is granted, children are made and committed to, secrets are disclosed, testers are drawn."""

from __future__ import annotations

from derelay.rules.phases import Phase
from derelay.sim.relay.agent import Agent
from derelay.sim.relay.table import Child
from derelay.sim.relay.world import World


def serve(world: World) -> None:
    """Grant the head to the trainers: first their assigned owners, after half of the window any holder."""
    table = world.table
    waiting = [entry.trainer for entry in table.admitted if not entry.trainer.holds(table.head)]
    assigned: dict[Agent, list[Agent]] = {}
    for trainer in waiting:
        entry = table.entry_of(trainer)
        assert entry is not None
        assigned.setdefault(table.server_of(entry), []).append(trainer)
    for owner in world.serving(table.head, list(assigned)):
        world.grant(owner, table.head, assigned.pop(owner))
    if assigned:
        world.half(Phase.TRAIN)
        left = [trainer for trainers in assigned.values() for trainer in trainers]
        holder = next(world.serving(table.head, world.shuffled()), None)
        if holder is not None:
            world.grant(holder, table.head, left)


def train(world: World) -> None:
    """Let every trainer that was granted the head make a child of it, and commit to it."""
    table = world.table
    made = {}
    for trainer in world.awake(entry.trainer for entry in table.admitted):
        if trainer.holds(table.head):
            move = trainer.strategy.trains(trainer, table)
            if move is not None:
                made[trainer] = move
    for trainer in world.awake(made):
        child = Child(len(table.children), trainer, trainer.secret(), trainer.secret(), made[trainer])
        table.children.append(child)
        commitment = world.calls.child_hash(table.number, trainer.word, child.id, child.salt)
        world.send(trainer, world.calls.commit(commitment))
    world.close()


def disclose(world: World) -> None:
    """Let the trainers open their secrets; then draw the testers."""
    table = world.table
    for child in sorted(table.children, key=lambda child: child.trainer.strategy.last):
        trainer = child.trainer
        entry = table.entry_of(trainer)
        assert entry is not None
        if trainer.strategy.awake(trainer, table) and trainer.strategy.discloses(trainer, table):
            world.send(trainer, world.calls.disclose(entry.secret))
            child.disclosed = True
    world.close()
    if world.phase is Phase.DRAW:
        table.deck = [who for name, _, who in world.advance() if name == "Drawn" and who is not None]
        for tester in table.deck:
            tester.counts["drawn"] += 1
