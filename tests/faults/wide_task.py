"""Digits by a wider network: 77 KB, so that a slow wire is felt."""

from torch import nn

from derelay.learn.cases import Cases
from derelay.learn.loading import load_task
from derelay.learn.supervised import Supervised


class Wide(Supervised):
    """The digits of `derelay.learn.tasks.digits`, with 19,210 weights."""

    name = "wide"
    classes = 10
    steps = 10

    def network(self) -> nn.Module:
        """Return two layers."""
        return nn.Sequential(nn.Flatten(), nn.Linear(64, 256), nn.ReLU(), nn.Linear(256, self.classes))

    def cases(self) -> tuple[Cases, Cases]:
        """Return the digits."""
        return load_task("digits").cases()
