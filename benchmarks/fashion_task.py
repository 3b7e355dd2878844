"""Fashion-MNIST by the network of `learning.py`, as a task that real nodes can join with.

derelay network --task benchmarks/fashion_task.py
"""

import sys
from pathlib import Path

import torch
from torch import nn

from derelay.learn.cases import Cases
from derelay.learn.supervised import Supervised

sys.path.insert(0, str(Path(__file__).resolve().parent))
from learners.networks import network
from learners.problem import load

MANY = 30_000
"""Of the 60,000 images: five nodes then hold as many each as ten do of all."""


class Fashion(Supervised):
    """Clothes in 28 × 28 pixels, 46,826 weights."""

    name = "fashion"
    classes = 10

    def network(self) -> nn.Module:
        """Return the network with GroupNorm."""
        return network("images-groupnorm", (1, 28, 28), self.classes)

    def cases(self) -> tuple[Cases, Cases]:
        """Return a part of the pool, and the public test cases."""
        problem = load("fashion", Path())
        return problem.pool.take(torch.arange(MANY)), problem.test
