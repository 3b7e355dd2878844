"""Handwritten digits: 1797 real scans of 8 × 8 pixels that scikit-learn carries."""

from __future__ import annotations

import torch
from sklearn.datasets import load_digits
from torch import nn

from derelay.learn.cases import Cases
from derelay.learn.supervised import Supervised

PUBLIC_TEST = 360


class Digits(Supervised):
    """Which digit a scan shows, told by a small convolutional network."""

    name = "digits"
    classes = 10
    rarest = 0.0
    course_weight = 0.0

    def network(self) -> nn.Module:
        """Return two convolutions and a linear layer, about 18,000 weights."""
        last = nn.Linear(48 * 4 * 4, self.classes)
        for weights in last.parameters():  # genesis knows nothing: only what is true gains over it
            nn.init.zeros_(weights)
        return nn.Sequential(
            nn.Conv2d(1, 24, 3, padding=1),
            nn.GroupNorm(6, 24),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(24, 48, 3, padding=1),
            nn.GroupNorm(6, 48),
            nn.ReLU(),
            nn.Flatten(),
            last,
        )

    def cases(self) -> tuple[Cases, Cases]:
        """Return 1437 scans to share out and 360 public test scans, always the same ones."""
        pixels, labels = load_digits(return_X_y=True)
        inputs = torch.tensor(pixels, dtype=torch.float32).view(-1, 1, 8, 8) / 16
        targets = torch.tensor(labels, dtype=torch.int64)
        order = torch.randperm(len(targets), generator=torch.Generator().manual_seed(0))
        scans = Cases(inputs, targets, strata=targets)
        return scans.take(order[PUBLIC_TEST:]), scans.take(order[:PUBLIC_TEST])
