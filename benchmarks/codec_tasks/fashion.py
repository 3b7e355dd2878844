"""Fashion-MNIST by a small convolutional network, from Debian's package dataset-fashion-mnist."""

import gzip
from pathlib import Path

import numpy as np
import torch
from torch import nn

from derelay.learn import Cases, Supervised

FOLDER = Path("/usr/share/datasets/fashion-mnist")
SHARED_OUT = 12_000


class Fashion(Supervised):
    """Which of ten garments a picture shows."""

    name = "fashion-cnn"
    classes = 10
    steps = 100

    def network(self):
        """Return two convolutions and two linear layers, 45,960 weights."""
        return nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1),
            nn.GroupNorm(4, 16),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1),
            nn.GroupNorm(4, 32),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(32 * 49, 26),
            nn.ReLU(),
            nn.Linear(26, 10),
        )

    def cases(self):
        """Return pictures to share out, and the public test pictures."""
        return _read("train").take(torch.arange(SHARED_OUT)), _read("t10k")


def _read(part):
    pixels = _bytes(part, "images-idx3", 16).reshape(-1, 1, 28, 28)
    labels = torch.from_numpy(_bytes(part, "labels-idx1", 8)).long()
    return Cases(torch.from_numpy(pixels).float() / 255, labels, labels)


def _bytes(part, kind, header):
    file = FOLDER / f"{part}-{kind}-ubyte.gz"
    return np.frombuffer(gzip.decompress(file.read_bytes()), np.uint8, offset=header).copy()
