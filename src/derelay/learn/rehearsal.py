"""What a model remembers of each class, so that a holder without cases of it does not unlearn it.

Per class, mean and variance of what the last layer reads travel with the weights. A leg trains that layer
also on draws from them, for the classes that the holder has too few of. (Classifier calibration with virtual
representations: Luo et al., NeurIPS 2021, arXiv 2106.05001; pseudo-rehearsal: Robins 1995.)
"""

from __future__ import annotations

from copy import deepcopy

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from derelay.learn.cases import Cases

LOOKED_AT = 400
"""Cases, at most, whose features a leg measures in the end."""
FEWEST = 10
"""Cases of a class, at least, of which anything is told: the mean of one case would be that case."""
ENOUGH = 40
"""Cases of a class from which on a leg's measurement counts fully."""
RENEWED = 0.5
"""Part of what is remembered of a class that such a measurement replaces: features move as a model learns."""

_WEIGHT, _SUM, _SQUARES = "rehearsal_weight", "rehearsal_sum", "rehearsal_squares"


def classifier(model: nn.Module, classes: int) -> nn.Linear | None:
    """Return the last linear layer, if it gives the logits of ``classes``; None if a model ends otherwise."""
    linear = [module for module in model.modules() if isinstance(module, nn.Linear)]
    return linear[-1] if linear and linear[-1].out_features == classes else None


def remember(model: nn.Module, classes: int) -> None:
    """Give a model's last layer room for what it will remember: nothing yet.

    Buffers, float32: ``[classes]``, and twice ``[classes, features]``. They are weighed sums, so that the
    average of models remembers the average. A model that ends otherwise than by a linear layer gets none.
    """
    last = classifier(model, classes)
    if last is not None:
        last.register_buffer(_WEIGHT, torch.zeros(classes))
        last.register_buffer(_SUM, torch.zeros(classes, last.in_features))
        last.register_buffer(_SQUARES, torch.zeros(classes, last.in_features))


class Rehearsal:
    """One leg's rehearsal of the classes that its holder has less of than their even share.

    Whoever made the model can have put anything into its memory, and no verdict looks at it. So only draws
    count that the model, as it came, takes for the class that they are said to be of.

    Parameters
    ----------
    targets
        Of the holder's cases.
    weight
        Of a class that is missing entirely, as a part of what its even share of cases would weigh.
    """

    def __init__(self, last: nn.Linear, targets: Tensor, weight: float) -> None:
        self._last = last
        self._came = deepcopy(last).requires_grad_(False)
        remembered = last.get_buffer(_WEIGHT)
        known = remembered.clamp(min=1e-6)[:, None]
        self._mean = last.get_buffer(_SUM) / known
        self._deviation = (last.get_buffer(_SQUARES) / known - self._mean**2).clamp(min=0).sqrt()
        self._rectified = bool((self._mean >= 0).all())
        classes = last.out_features
        counts = torch.bincount(targets.flatten(), minlength=classes)
        lacking = (1 / classes - counts / counts.sum()).clamp(min=0) * (remembered > 1e-3)
        self._lacking = lacking / lacking.sum().clamp(min=1e-6)
        self._weight = weight * float(lacking.sum())

    def targets(self, cases: int) -> Tensor:
        """Return the targets that are rehearsed beside ``cases`` of one's own, each weighing as one."""
        each = (cases * self._weight * self._lacking).round().long()
        return torch.arange(len(each)).repeat_interleave(each)

    def loss(self, prior: Tensor, batch: int, generator: torch.Generator) -> Tensor:
        """Return the loss on ``batch`` draws, weighed; 0 if there is nothing to rehearse."""
        if not self._weight:
            return torch.zeros(())
        targets = torch.multinomial(self._lacking, batch, replacement=True, generator=generator)
        noise = torch.randn(batch, self._mean.shape[1], generator=generator)
        features = self._mean[targets] + self._deviation[targets] * noise
        if self._rectified:
            features = features.clamp(min=0)
        told = self._came(features)
        is_taken = (told.argmax(dim=1) == targets) & told.isfinite().all(dim=1)
        features, targets = features[is_taken], targets[is_taken]
        return self._weight / batch * cross_entropy(self._last(features) + prior, targets, reduction="sum")


def renew(model: nn.Module, last: nn.Linear, cases: Cases, generator: torch.Generator) -> None:
    """Let a model remember what its last layer reads of a holder's cases, part of them.

    Features of several positions a case, as of sequences, count as so many cases.
    """
    index = torch.randperm(len(cases), generator=generator)[:LOOKED_AT]
    read: list[Tensor] = []
    handle = last.register_forward_pre_hook(lambda _, inputs: read.append(inputs[0].detach()))
    model.eval()
    with torch.no_grad():
        model(cases.inputs[index])
        handle.remove()
        features = read[-1].flatten(0, -2)
        classes = nn.functional.one_hot(cases.targets[index].flatten(), last.out_features).to(features.dtype)
        counts = classes.sum(dim=0)
        part = RENEWED * (counts / ENOUGH).clamp(max=1) * (counts >= FEWEST)
        seen = counts.clamp(min=1)[:, None]
        last.get_buffer(_WEIGHT).mul_(1 - part).add_(part)
        for name, measured in ((_SUM, classes.T @ features), (_SQUARES, classes.T @ features**2)):
            last.get_buffer(name).mul_(1 - part[:, None]).add_(part[:, None] * measured / seen)
