"""The course of a relay: where others' legs go, so that one's own goes there too.

A leg on few classes unlearns the others. What the other holders' newest legs changed says what their data
want; a leg that goes a good part of their mean way, besides its own, learns from all of them (momentum of
clients: FedCM, Xu et al. 2021, arXiv 2106.10874; the newest direction of each holder counts: stochastic
average gradient, Schmidt, Le Roux, Bach 2017, arXiv 1309.2388).
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import nn

from derelay.baton.tensors import State


def course(legs: Iterable[tuple[State, State]]) -> State | None:
    """Return the mean change of some legs; None if there is none.

    Parameters
    ----------
    legs
        Of each leg what it began with, and what it made of that. One pair at a time is kept.
    """
    total: State = {}
    count = 0
    for head, child in legs:
        for name, tensor in head.items():
            change = child[name] - tensor
            total[name] = total[name].add_(change) if name in total else change
        count += 1
    return {name: tensor / count for name, tensor in total.items()} if count else None


class Steering:
    """Keeps a leg on a course: what the optimizer steps, and a part of the course's step.

    Followed by leg after leg, that part adds up as momentum does: what all legs agree on counts
    ``1 / (1 - weight)`` times.

    Parameters
    ----------
    course
        What a whole leg of the others changed, on average.
    weight
        Part of it that a leg follows, in [0, 1).
    steps
        Gradient steps of a leg.
    """

    def __init__(self, model: nn.Module, course: State, weight: float, steps: int) -> None:
        self._model = model
        self._course = course
        self._part = weight / steps

    def step(self) -> None:
        """Go a step of the course; call it after the optimizer's."""
        with torch.no_grad():
            for name, weights in self._model.named_parameters():
                weights.add_(self._course[name], alpha=self._part)
