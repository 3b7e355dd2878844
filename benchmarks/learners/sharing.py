"""How the pool is shared out: by Dirichlet proportions, evenly, by classes, or as the data came."""

from __future__ import annotations

import numpy as np
import torch

from derelay.learn import Cases, Share, split
from learners.problem import Problem

EVEN = 100.0
"""Dirichlet's concentration that counts as even."""
TESTS = 100
"""Cases that a holder tests others' children with, about; where cases are few, at most `MOST_HELD_OUT`."""
MOST_HELD_OUT = 0.3


def shares_of(problem: Problem, how: str, holders: int, seed: int) -> list[Share]:
    """Return one share for each holder; the same seed gives the same shares.

    Parameters
    ----------
    how
        ``dirichlet:A``, ``iid``, ``classes:K`` (each holder has K classes, each class about as many holders),
        or ``natural`` (a holder for each place that the data came from).

    Raises
    ------
    ValueError
        If there is no such split, or the data do not allow it.
    """
    generator = torch.Generator().manual_seed(seed)
    held_out = min(MOST_HELD_OUT, TESTS * holders / len(problem.pool))
    kind, _, number = how.partition(":")
    if kind == "natural" and problem.natural is not None:
        return [
            _share(problem.pool, torch.nonzero(problem.natural == i).flatten(), held_out, generator)
            for i in problem.natural.unique()
        ]
    if kind == "classes":
        holdings = _by_classes(problem.pool.strata, problem.classes, int(number), holders, seed)
        return [_share(problem.pool, holding, held_out, generator) for holding in holdings]
    if kind in ("iid", "dirichlet"):
        alpha = EVEN if kind == "iid" else float(number)
        return split(problem.pool, holders, alpha, generator, held_out)
    raise ValueError(
        f"no split {how!r} of {problem.name}: dirichlet:A, iid, classes:K or natural (heart only)"
    )


def _by_classes(labels: torch.Tensor, classes: int, each: int, holders: int, seed: int) -> list[torch.Tensor]:
    """Deal out classes in turn from decks of all of them, then each class evenly to those who got it."""
    if not 0 < each <= classes or holders * each < classes:
        raise ValueError(f"{holders} holders of {each} classes each cannot share {classes} classes out")
    random = np.random.default_rng(seed)
    hands: list[set[int]] = [set()]
    while any(len(hand) < each for hand in hands):  # a hand across two decks may hold a class twice
        decks = [random.permutation(classes) for _ in range(-(-holders * each // classes))]
        hands = [
            set(hand) for hand in np.concatenate(decks)[: holders * each].reshape(holders, each).tolist()
        ]
    holdings: list[list[int]] = [[] for _ in range(holders)]
    for label in range(classes):
        owners = [i for i, hand in enumerate(hands) if label in hand]
        members = random.permutation(torch.nonzero(labels == label).flatten().numpy())
        for owner, part in zip(owners, np.array_split(members, len(owners)), strict=True):
            holdings[owner].extend(part.tolist())
    return [torch.tensor(holding) for holding in holdings]


def _share(pool: Cases, holding: torch.Tensor, held_out: float, generator: torch.Generator) -> Share:
    order = holding[torch.randperm(len(holding), generator=generator)]
    kept = max(2, round(held_out * len(order)))
    return Share(train=pool.take(order[kept:]), held_out=pool.take(order[:kept]))
