"""The digits by a perceptron of 2.9 MB: enough for a baton of several blocks."""

from torch import nn

from derelay.learn.cases import Cases
from derelay.learn.loading import load_task
from derelay.learn.supervised import Supervised


class Wide(Supervised):
    """The digits of `derelay.learn.tasks.digits`."""

    name = "wide"
    classes = 10

    def network(self) -> nn.Module:
        """Return one hidden layer of 9600."""
        return nn.Sequential(nn.Flatten(), nn.Linear(64, 9600), nn.ReLU(), nn.Linear(9600, self.classes))

    def cases(self) -> tuple[Cases, Cases]:
        """Return the digits."""
        return load_task("digits").cases()
