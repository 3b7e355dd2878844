"""What the same training would have given without a relay.

Held-out cases are not trained on here either; the public test cases only measure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from derelay.learn import Cases, Share, Task
from derelay.local.measures import Baseline


@dataclass(frozen=True)
class Comparison:
    """Baselines of a run; ``alone`` has one accuracy per participant, None for who spent no step."""

    alone: tuple[float | None, ...]
    baseline: Baseline


def compare(
    task: Task, shares: Sequence[Share], steps: Sequence[int], lineage: int, test: Cases, seed: int
) -> Comparison:
    """Train alone and centrally, with `Task.train` from the weights of genesis.

    Parameters
    ----------
    shares, steps
        One for each participant: its honest data, and the gradient steps that it spent.
    lineage
        Gradient steps behind the last head, one after the other.
    test
        Public test cases.
    seed
        Of all that is random in training.
    """

    def trained(cases: Cases, count: int, run: int) -> dict[str, float]:
        model = task.model()
        if count:
            task.train(model, cases, count, torch.Generator().manual_seed(seed * 1000 + run))
        return task.metrics(model, test)

    alone = [
        trained(share.train, spent, run) if spent else None
        for run, (share, spent) in enumerate(zip(shares, steps, strict=True), start=1)
    ]
    pooled = Cases.concat([share.train for share in shares])
    metrics = {
        "alone_mean": _mean([each for each in alone if each is not None] or [trained(pooled, 0, 0)]),
        "centralized": trained(pooled, sum(steps), 0),
        "centralized_lineage_steps": trained(pooled, lineage, 0),
    }
    return Comparison(
        tuple(None if each is None else each["accuracy"] for each in alone),
        Baseline(**{name: values["accuracy"] for name, values in metrics.items()}, metrics=metrics),
    )


def _mean(rows: Sequence[dict[str, float]]) -> dict[str, float]:
    return {name: sum(row[name] for row in rows) / len(rows) for name in rows[0]}
