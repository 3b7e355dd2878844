"""Real legs from a trained head, to measure with: no chain, no verdicts, no votes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch

from derelay.baton.tensors import State
from derelay.learn.cases import Cases, Share
from derelay.learn.pooling import pooled
from derelay.learn.split import split
from derelay.learn.task import Task
from derelay.rules.parameters import OPEN
from derelay.rules.units import SHARE_ONE

POOL = 4
"""Children of which each head is made."""
ALPHA = 0.3
"""How unevenly cases are shared out: as in demos."""


@dataclass(frozen=True)
class TrainedLeg:
    """A child, the head that it was trained from, and its trainer's own held-out cases."""

    head: State
    child: State
    held_out: Cases


def trained_legs(task: Task, legs: int, heads: int, seed: int) -> Iterator[TrainedLeg]:
    """Train a head by several pools of four children; yield the next legs, each of another participant.

    Parameters
    ----------
    task
        The task.
    legs
        How many legs to yield.
    heads
        Heads after genesis; 0 trains from genesis, as is right for a pretrained model.
    seed
        Of shares and training.
    """
    generator = torch.Generator().manual_seed(seed)
    shares = split(task.cases()[0], POOL + legs, ALPHA, generator, task.held_out)
    head = _state_of(task.model())
    for _ in range(heads):
        children = [_leg(task, head, share, generator) for share in shares[:POOL]]
        head = pooled(head, children, OPEN.step / SHARE_ONE)
    for share in shares[POOL:]:
        yield TrainedLeg(head, _leg(task, head, share, generator), share.held_out)


def _leg(task: Task, head: State, share: Share, generator: torch.Generator) -> State:
    model = task.model()
    model.load_state_dict(head)
    task.train(model, share.train, task.steps, generator)
    return _state_of(model)


def _state_of(model: torch.nn.Module) -> State:
    return {name: tensor.detach().clone() for name, tensor in model.state_dict().items()}
