"""Digits by logistic regression: a leg takes milliseconds, so that what is left is the relay itself.

derelay network --task benchmarks/tiny_task.py
"""

from torch import nn

from derelay.learn.cases import Cases
from derelay.learn.loading import load_task
from derelay.learn.supervised import Supervised


class Tiny(Supervised):
    """The digits of `derelay.learn.tasks.digits`, with 650 weights."""

    name = "tiny"
    classes = 10
    steps = 10

    def network(self) -> nn.Module:
        """Return one linear layer that knows nothing."""
        layer = nn.Linear(64, self.classes)
        nn.init.zeros_(layer.weight)
        nn.init.zeros_(layer.bias)
        return nn.Sequential(nn.Flatten(), layer)

    def cases(self) -> tuple[Cases, Cases]:
        """Return the digits."""
        return load_task("digits").cases()
