"""A participant's own cases: read from its file, and parted into what it trains on and what it tests with."""

from __future__ import annotations

import hashlib
from pathlib import Path

import torch
from torch import Tensor

from derelay.learn.archive import ArchiveError
from derelay.learn.cases import Cases, Share
from derelay.learn.split import SMALLEST_SHARE
from derelay.learn.task import Task, TaskError

_FEWEST_TESTS = 2


def own_share(task: Task, path: Path) -> Share:
    """Return the share of a participant who brings its own cases.

    Whether a case is held out depends on nothing but the case, so what was trained on is never tested with,
    also when the file grows, is sorted anew, or holds a case twice.

    Raises
    ------
    TaskError
        If the file cannot be read, its cases do not fit the task, or they are too few.
    """
    try:
        cases = task.read(path)
    except ArchiveError as error:
        raise TaskError(str(error)) from error
    if not len(cases):
        raise TaskError(f"{path}: holds no case; bring at least {SMALLEST_SHARE}")
    _check(task, cases, path)
    kept = torch.tensor([_is_held_out(task, *row) for row in zip(cases.inputs, cases.targets, strict=True)])
    share = Share(train=cases.take(~kept), held_out=cases.take(kept))
    if len(cases) < SMALLEST_SHARE or len(share.held_out) < _FEWEST_TESTS or not len(share.train):
        raise TaskError(
            f"{path}: {len(cases)} cases, {len(share.held_out)} of them to test with, are too few: "
            f"bring at least {SMALLEST_SHARE} different ones"
        )
    return share


def _is_held_out(task: Task, inputs: Tensor, target: Tensor) -> bool:
    digest = hashlib.sha256(inputs.contiguous().numpy().tobytes() + target.contiguous().numpy().tobytes())
    return int.from_bytes(digest.digest()[:8], "big") < task.held_out * 2**64


def _check(task: Task, cases: Cases, path: Path) -> None:
    """Score the cases under the task's own model: what that cannot do, no node can."""
    try:
        likelihood = task.score(task.model(), cases)
    except (ValueError, TypeError, RuntimeError, IndexError) as error:
        reason = str(error).partition("\n")[0]
        raise TaskError(
            f"{path}: its cases do not fit task {task.name!r} ({reason}): make them as the task's cases() are"
        ) from error
    if not bool(torch.isfinite(likelihood).all()):
        raise TaskError(f"{path}: some of its cases have no finite likelihood: correct them")
