"""The networks that are trained, in PyTorch alone: Flower's environment has nothing of derelay."""

from __future__ import annotations

import torch
from torch import Tensor, nn


def network(kind: str, shape: tuple[int, ...], classes: int) -> nn.Module:
    """Return a network with the weights of genesis, the same bits on every call.

    Parameters
    ----------
    kind
        "images", "images-groupnorm" or "features".
    shape
        Of one input: channels, height and width of an image, or the number of features.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        if kind == "features":
            return nn.Sequential(nn.Linear(shape[0], 32), nn.ReLU(), _last(32, classes))
        return _images(shape, classes, normalized=kind == "images-groupnorm")


def _images(shape: tuple[int, ...], classes: int, *, normalized: bool) -> nn.Module:
    """Return two convolutions and two linear layers: 46,826 weights for Fashion-MNIST."""
    channels, height, width = shape
    small = height < 16  # 5 × 5 leaves nothing of 8 × 8 pixels
    layers: list[nn.Module] = []
    for before, after in ((channels, 16), (16, 32)):
        layers.append(nn.Conv2d(before, after, 3 if small else 5, padding=1 if small else 0))
        layers.append(nn.MaxPool2d(2))
        if normalized:
            layers.append(nn.GroupNorm(4, after))
        layers.append(nn.ReLU())
    convolutions = nn.Sequential(*layers)
    width_of_last = convolutions(torch.zeros(1, channels, height, width)).numel()
    return nn.Sequential(
        convolutions, nn.Flatten(), nn.Linear(width_of_last, 64), nn.ReLU(), _last(64, classes)
    )


def _last(width: int, classes: int) -> nn.Linear:
    layer = nn.Linear(width, classes)
    nn.init.zeros_(layer.weight)  # genesis knows nothing
    nn.init.zeros_(layer.bias)
    return layer


def accuracy(model: nn.Module, inputs: Tensor, targets: Tensor) -> float:
    """Return the share of cases that a model tells right; one that has diverged tells none."""
    model.eval()
    with torch.no_grad():
        told = torch.cat([model(part) for part in inputs.split(500)])
    right = (told.argmax(dim=1) == targets) & told.isfinite().all(dim=1)
    return float(right.float().mean())
