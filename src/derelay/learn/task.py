"""The seam that a user implements: what is learned, from what, and how it is scored."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from copy import copy
from pathlib import Path
from typing import Self

import torch
from torch import Tensor, nn

from derelay.baton.tensors import State
from derelay.learn.archive import read_cases
from derelay.learn.cases import Cases


class TaskError(Exception):
    """A task cannot be found, loaded or used; the message says which, why and what to do."""


class Task(ABC):
    """One learning problem.

    The chain stores a task's name and hash only; its code is installed by each participant and
    never comes over the network. Most tasks are classification: subclass `Supervised`, which
    leaves only `network` and `cases` to write.

    Attributes
    ----------
    name
        What people call the task.
    steps
        Gradient steps of one leg: what one trainer does with the head in one round.
    rounds
        Rounds that a demo runs unless told otherwise.
    held_out
        Part of a participant's cases, in (0, 1), that it keeps for testing others.
    forgone
        Part of its child's gain, in [0, 1), that a trainer forgoes to hand in fewer bytes; 0 sends the whole.
    pool_codec
        By which codec pools are stored. One of changes rounds what voters average, and whoever holds the
        last head is sent no more than the change.
    course_weight
        Part of what the others' last legs changed, in [0, 1), that a leg follows besides its own way; see
        `derelay.learn.course`.
    course
        What a leg of holders that do not train now changed, on average; None while nothing is known of them.
    """

    name: str
    steps: int = 40
    rounds: int = 16
    held_out: float = 0.3
    forgone: float = 0.02
    pool_codec: str = "full"
    course_weight: float = 0.0
    course: State | None = None

    @abstractmethod
    def network(self) -> nn.Module:
        """Build the model; all of its state must be float32 (no BatchNorm counters), as averages are."""

    @abstractmethod
    def train(self, model: nn.Module, cases: Cases, steps: int, generator: torch.Generator) -> None:
        """Train ``model`` in place for ``steps`` gradient steps, drawing only from ``generator``."""

    @abstractmethod
    def score(self, model: nn.Module, cases: Cases) -> Tensor:
        """Return each case's log-likelihood under ``model``: ``[n]``, nats, unclipped, no gradient."""

    @abstractmethod
    def cases(self) -> tuple[Cases, Cases]:
        """Return the pool to be split among participants, and public test cases.

        The public test cases serve reports only: nobody trains on them or judges by them.
        """

    @abstractmethod
    def metrics(self, model: nn.Module, cases: Cases) -> dict[str, float]:
        """Return what people want to read; must hold ``accuracy``, in [0, 1]."""

    @abstractmethod
    def poison(self, cases: Cases) -> Cases:
        """Return ``cases`` with wrong targets: what the demo's poisoner trains on."""

    def read(self, path: Path) -> Cases:
        """Return a participant's own cases from its file; override it for what is no NumPy archive.

        Raises
        ------
        ArchiveError
            If there are none in it.
        """
        return read_cases(path)

    def files(self) -> Sequence[Path]:
        """Return the files beside its source without which this is another task: a pretrained model's."""
        return ()

    def following(self, course: State | None) -> Self:
        """Return this task, its legs to follow a course."""
        task = copy(self)
        task.course = course
        return task

    def model(self) -> nn.Module:
        """Return the model with the weights of genesis, the same bits on every call.

        Raises
        ------
        TaskError
            If it has state that cannot be averaged.
        """
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            model = self.network()
        for name, tensor in model.state_dict().items():
            if tensor.dtype != torch.float32:
                raise TaskError(
                    f"task {self.name!r}: {name!r} of its network is {tensor.dtype}, which no average is: "
                    "use float32, and GroupNorm or LayerNorm in the place of BatchNorm"
                )
        return model
