"""A task of your own in one file: tell benign tumours from malignant ones.

Run it with ``derelay demo --task examples/breast_cancer.py``. The data (569 patients of Wisconsin,
30 measurements of their cell nuclei each) come with scikit-learn. A task says which network learns,
from which cases, and under what name; `Supervised` brings training, scoring and metrics.
"""

import torch
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import scale
from torch import nn

from derelay.learn import Cases, Supervised


class BreastCancer(Supervised):
    """Malignant (0) or benign (1)."""

    name = "breast-cancer"
    classes = 2

    def network(self) -> nn.Module:
        """Return a small perceptron."""
        return nn.Sequential(nn.Linear(30, 32), nn.ReLU(), nn.Linear(32, self.classes))

    def cases(self) -> tuple[Cases, Cases]:
        """Return the patients to share out among participants, and 114 for the public test."""
        measurements, labels = load_breast_cancer(return_X_y=True)
        inputs = torch.tensor(scale(measurements), dtype=torch.float32)
        targets = torch.tensor(labels, dtype=torch.int64)
        patients = Cases(inputs, targets, strata=targets)  # shared out unevenly by diagnosis
        order = torch.randperm(len(patients), generator=torch.Generator().manual_seed(0))
        return patients.take(order[114:]), patients.take(order[:114])
