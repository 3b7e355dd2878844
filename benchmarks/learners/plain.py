"""Stochastic gradient descent as everybody does it, with FedProx's anchor if wanted; PyTorch alone."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

BATCH = 32
PROBE = 2000
"""Test cases that models on their way are measured by; the last one is by all."""


def descend(
    model: nn.Module,
    inputs: Tensor,
    targets: Tensor,
    steps: int,
    rate: float,
    generator: torch.Generator,
    proximity: float = 0.0,
) -> None:
    """Train ``model`` in place.

    Parameters
    ----------
    proximity
        Weight of half the squared distance to where it began (FedProx, Li et al. 2020); 0 is without.
    """
    begun = [weights.detach().clone() for weights in model.parameters()]
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    model.train()
    for _ in range(steps):
        index = torch.randint(len(inputs), (BATCH,), generator=generator)
        optimizer.zero_grad()
        cross_entropy(model(inputs[index]), targets[index]).backward()
        if proximity:
            for weights, start in zip(model.parameters(), begun, strict=True):
                weights.grad.add_(weights.detach() - start, alpha=proximity)
        optimizer.step()


def leg_seed(seed: int, number: int) -> int:
    """Return what the generator of a cycle's leg is seeded by, whoever runs it; legs count from 0."""
    return seed + 10_000 * number
