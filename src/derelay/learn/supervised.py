"""Classification that is good without tuning: the default for a user's own task."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from derelay.learn.cases import Cases
from derelay.learn.course import Steering
from derelay.learn.rehearsal import Rehearsal, classifier, remember, renew
from derelay.learn.task import Task

SCORING_BATCH = 512


class Supervised(Task):
    """A task whose model gives one logit per class: ``[n, classes]``, or ``[n, length, classes]``.

    A user writes `network` and `cases` and sets ``name`` and ``classes``.

    The loss is calibrated by the holder's own label frequencies (logit adjustment, Menon et al.,
    ICLR 2021; Zhang et al., ICML 2022): what a holder sees often must not push down what it
    never sees, which somebody else along the relay knows.

    Attributes
    ----------
    classes
        Number of classes; targets are 0 to ``classes - 1``.
    batch
        Cases per gradient step.
    learning_rate, momentum
        Of stochastic gradient descent.
    rarest
        Frequency, in [0, 1), with which a class counts at least when the loss is calibrated. At 0 nothing is
        unlearned of classes that the holder lacks, not even where the model takes its cases for theirs.
    rehearsal
        How much a leg rehearses of a class that the holder lacks, as a part of what its even share of cases
        would weigh; see `derelay.learn.rehearsal`. At 0 a model remembers nothing beside its weights. It
        pays where holders lack classes and verdicts are slow to fail (``z_fail``); it costs elsewhere.
    """

    classes: int
    batch: int = 32
    learning_rate: float = 0.01
    momentum: float = 0.9
    rarest: float = 0.002
    course_weight: float = 0.8
    rehearsal: float = 0.0

    def model(self) -> nn.Module:
        """Return the model with the weights of genesis, and room for what it is to remember of each class."""
        model = super().model()
        if self.rehearsal:
            remember(model, self.classes)
        return model

    def prior(self, targets: Tensor) -> Tensor:
        """Return the log-frequency of each class among a holder's ``targets``: ``[classes]``.

        Added to the logits in training only. No class counts as less frequent than `rarest`, or than a
        hundredth of a case, so that the logarithm stays finite.
        """
        counts = torch.bincount(targets.flatten(), minlength=self.classes) + 0.01
        return torch.log((counts / counts.sum()).clamp(min=self.rarest))

    def optimizer(self, model: nn.Module) -> torch.optim.Optimizer:
        """Return what one leg updates ``model`` with."""
        return torch.optim.SGD(model.parameters(), lr=self.learning_rate, momentum=self.momentum)

    def train(self, model: nn.Module, cases: Cases, steps: int, generator: torch.Generator) -> None:
        """Train by stochastic gradient descent on the calibrated cross-entropy, on the relay's course."""
        last = classifier(model, self.classes) if self.rehearsal else None
        rehearsal = None if last is None else Rehearsal(last, cases.targets, self.rehearsal)
        targets = cases.targets.flatten()
        if rehearsal is not None:
            targets = torch.cat([targets, rehearsal.targets(len(targets))])
        prior = self.prior(targets)
        optimizer = self.optimizer(model)
        steering = (
            None if self.course is None else Steering(model, self.course, self.course_weight, self.steps)
        )
        model.train()
        with torch.random.fork_rng(devices=[]):  # dropout draws from the global generator
            torch.manual_seed(int(torch.randint(2**62, (), generator=generator)))
            for _ in range(steps):
                index = torch.randint(len(cases), (self.batch,), generator=generator)
                logits = model(cases.inputs[index]) + prior
                optimizer.zero_grad()
                loss = cross_entropy(logits.flatten(0, -2), cases.targets[index].flatten())
                if rehearsal is not None:
                    loss = loss + rehearsal.loss(prior, self.batch, generator)
                torch.autograd.backward(loss)
                optimizer.step()
                if steering is not None:
                    steering.step()
        if last is not None:
            renew(model, last, cases, generator)

    def score(self, model: nn.Module, cases: Cases) -> Tensor:
        """Return each case's log-likelihood; for sequences, the mean over positions."""
        return torch.cat([self._likelihood(logits, targets) for logits, targets in self._said(model, cases)])

    def metrics(self, model: nn.Module, cases: Cases) -> dict[str, float]:
        """Return the share of right answers."""
        right = [(logits.argmax(-1) == targets).float() for logits, targets in self._said(model, cases)]
        return {"accuracy": float(torch.cat(right).mean())}

    def poison(self, cases: Cases) -> Cases:
        """Return ``cases`` with every target moved on by half the classes: all of them wrong."""
        return Cases(cases.inputs, (cases.targets + self.classes // 2) % self.classes, cases.strata)

    @staticmethod
    def _likelihood(logits: Tensor, targets: Tensor) -> Tensor:
        each = -cross_entropy(logits.flatten(0, -2), targets.flatten(), reduction="none")
        return each.view(len(targets), -1).mean(dim=1)

    def _said(self, model: nn.Module, cases: Cases) -> list[tuple[Tensor, Tensor]]:
        """Return (logits, targets) of ``cases``, batch by batch."""
        model.eval()
        with torch.no_grad():
            return [
                (model(inputs), targets)
                for inputs, targets in zip(
                    torch.split(cases.inputs, SCORING_BATCH),
                    torch.split(cases.targets, SCORING_BATCH),
                    strict=True,
                )
            ]
