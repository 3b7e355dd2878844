"""What a tester measures: the paired gain of a child over the head, on cases of its own."""

from __future__ import annotations

import math
from dataclasses import dataclass

from torch import Tensor

from derelay.baton.tensors import State
from derelay.learn.cases import Cases
from derelay.learn.pooling import moved
from derelay.learn.task import Task
from derelay.rules.units import NANO

FLOOR = -10.0
"""Least log-likelihood of a case, in nats: how very wrong a model was is of no account."""


@dataclass(frozen=True)
class Gain:
    """A mean gain per case and its standard error, both in units of 1e-9 nat."""

    mean_nano: int
    se_nano: int


class Yardstick:
    """Measures models against one head on one holder's held-out cases.

    The head's scores are computed once. Each case's log-likelihood is cut off at `FLOOR`, which is also
    what counts where a model says nothing finite, and its gain at ±``clip`` nats, so that one case cannot
    outweigh the rest.

    Raises
    ------
    ValueError
        If there are fewer than two cases: a standard error needs two.
    """

    def __init__(self, task: Task, head: State, cases: Cases, clip: float) -> None:
        if len(cases) < 2:
            raise ValueError(f"a gain needs at least 2 held-out cases, got {len(cases)}")
        self._task = task
        self._model = task.model()
        self._head = head
        self._cases = cases
        self._clip = clip
        self._before = self._score(head)

    def gain(self, child: State, alpha: float = 1.0) -> Gain:
        """Return the gain over the head of the head moved by ``alpha`` of the way to ``child``."""
        difference = self._score(moved(self._head, child, alpha)) - self._before
        difference = difference.clamp(-self._clip, self._clip)
        se = difference.std() / math.sqrt(len(difference))
        return Gain(round(float(difference.mean()) * NANO), round(float(se) * NANO))

    def _score(self, state: State) -> Tensor:
        self._model.load_state_dict(state)
        scores = self._task.score(self._model, self._cases).double()
        return scores.nan_to_num(nan=FLOOR, posinf=FLOOR).clamp(min=FLOOR)  # finite weights may overflow


def paired_gain(task: Task, head: State, child: State, cases: Cases, alpha: float, clip: float) -> Gain:
    """Return one child's gain over ``head``; see `Yardstick` to measure several."""
    return Yardstick(task, head, cases, clip).gain(child, alpha)
