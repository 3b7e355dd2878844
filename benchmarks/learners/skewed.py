"""The task that the relay learns: a problem of this benchmark, as a participant brings it."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from derelay.learn import Cases, Supervised
from learners.networks import network
from learners.problem import Problem

INGREDIENTS = ("calibration", "floor", "course", "rehearsal", "groupnorm")
"""What a relay can be run without."""


class Skewed(Supervised):
    """A problem as `derelay.learn.Supervised` learns it, less some of its ingredients."""

    forgone = 0.0  # children are sent whole, as models are by the other methods
    momentum = 0.0  # it begins anew in each leg, and these are short

    def __init__(self, problem: Problem, rate: float, rehearsal: float, without: frozenset[str]) -> None:
        self.name = problem.name
        self.classes = problem.classes
        self._problem = problem
        self._without = without
        self.learning_rate = rate
        if "course" in without:
            self.course_weight = 0.0
        self.rehearsal = 0.0 if "rehearsal" in without else rehearsal
        if "floor" in without:
            self.rarest = 0.0

    def network(self) -> nn.Module:
        """Return the problem's network."""
        kind = self._problem.network
        plain = kind.removesuffix("-groupnorm") if "groupnorm" in self._without else kind
        return network(plain, self._problem.shape, self.classes)

    def cases(self) -> tuple[Cases, Cases]:
        """Return the pool and the public test cases."""
        return self._problem.pool, self._problem.test

    def prior(self, targets: Tensor) -> Tensor:
        """Return what the loss is calibrated by, if it is."""
        return torch.zeros(self.classes) if "calibration" in self._without else super().prior(targets)
