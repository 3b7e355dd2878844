"""One leg of a language model: gradient steps, by one process or by its part of several."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from derelay.learn.cases import Cases

if TYPE_CHECKING:
    from derelay.learn.hf.language import CausalLanguageTask

STEEPEST = 1.0
"""Norm that gradients are cut to: one strange batch must not undo a pretrained model."""


def likelihoods(logits: Tensor, targets: Tensor) -> Tensor:
    """Return each token's log-likelihood in nats, ``[n, length]``, from ``[n, length, tokens]``."""
    each = cross_entropy(logits.float().flatten(0, 1), targets.flatten(), reduction="none")
    return -each.view_as(targets)


def descend(
    task: CausalLanguageTask,
    model: nn.Module,
    cases: Cases,
    steps: int,
    seed: int,
    *,
    part: int = 0,
    parts: int = 1,
) -> None:
    """Train ``model`` in place, on this process's part of every batch.

    All processes draw the same batches from ``seed``; who averages their gradients (DistributedDataParallel)
    makes of them the steps of one process that has the whole batches.
    """
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    device = parameters[0].device
    optimizer = task.optimizer(parameters)
    generator = torch.Generator().manual_seed(seed)
    model.train()
    with torch.random.fork_rng():  # dropout draws from the global generator
        torch.manual_seed(seed + part)
        for _ in range(steps):
            index = torch.randint(len(cases), (task.batch,), generator=generator)[part::parts]
            logits = model(input_ids=cases.inputs[index].to(device), use_cache=False).logits
            optimizer.zero_grad()
            torch.autograd.backward(-likelihoods(logits, cases.targets[index].to(device)).mean())
            nn.utils.clip_grad_norm_(parameters, STEEPEST)
            optimizer.step()
