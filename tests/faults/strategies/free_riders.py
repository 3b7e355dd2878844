"""Trainers who hand in little or nothing of their own; noise, poison and nothing are the product's own."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from derelay.baton.tensors import State
from derelay.learn.cases import Share
from derelay.learn.pooling import moved
from derelay.learn.task import Task
from derelay.node.strategy import Leg
from faults.strategies.player import Persistent


@dataclass(frozen=True, eq=False)
class Returner(Persistent):
    """Hands in the head under a new id: its manifest names the head as its parent."""

    name = "returner"

    def leg(self, task: Task, head: State, share: Share, generator: torch.Generator) -> Leg:
        return Leg(dict(head))


@dataclass(frozen=True, eq=False)
class LowEffort(Persistent):
    """Trains a tenth of the steps."""

    effort: float = 0.1
    name = "low-effort"

    def leg(self, task: Task, head: State, share: Share, generator: torch.Generator) -> Leg:
        steps = max(1, round(self.effort * task.steps))
        model = task.model()
        model.load_state_dict(head)
        task.train(model, share.train, steps, generator)
        return Leg({name: tensor.detach().clone() for name, tensor in model.state_dict().items()}, steps)


@dataclass(frozen=True, eq=False)
class OneStep(LowEffort):
    """Trains one step."""

    effort: float = 0.0
    name = "one-step"


@dataclass(frozen=True, eq=False)
class Slicer(Persistent):
    """Trains one leg, and hands in a tenth of it in each of ten rounds."""

    slices: int = 10
    name = "slicer"

    def leg(self, task: Task, head: State, share: Share, generator: torch.Generator) -> Leg:
        steps = 0
        if not self.memory.get("left"):
            leg = super().leg(task, head, share, generator)
            assert leg.child is not None
            self.memory["whole"] = {name: leg.child[name] - head[name] for name in head}
            self.memory["left"] = self.slices
            steps = leg.steps
        self.memory["left"] -= 1
        whole = {name: head[name] + change for name, change in self.memory["whole"].items()}
        return Leg(moved(head, whole, 1 / self.slices), steps)
