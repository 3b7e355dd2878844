"""Sharing a pool of cases out among participants, unevenly."""

from __future__ import annotations

import numpy as np
import torch

from derelay.learn.cases import Cases, Share

SMALLEST_SHARE = 24
"""Cases that every participant gets at least, so that the part it tests with can tell something."""


def split(
    cases: Cases, participants: int, alpha: float, generator: torch.Generator, held_out: float = 0.3
) -> list[Share]:
    """Partition ``cases`` among ``participants``.

    Each stratum is dealt out by proportions drawn from a symmetric Dirichlet distribution (Hsu et
    al. 2019): with ``alpha`` of 0.3 most participants see few strata, with 100 all see much the
    same; with 0 each stratum goes to one participant as a whole, in turn. Whoever gets fewer than
    `SMALLEST_SHARE` cases is given some by the richest. Every case lands in exactly one place: nobody trains
    on what anyone tests with.

    Parameters
    ----------
    alpha
        Concentration, 0 or more.
    held_out
        Part of each share, in (0, 1), that its holder tests with and does not train on.

    Raises
    ------
    ValueError
        If a number is out of its range, or the cases are too few for so many participants.
    """
    if participants < 1:
        raise ValueError(f"participants must be at least 1, got {participants}")
    if not alpha >= 0:
        raise ValueError(f"alpha must not be negative, got {alpha}: small is uneven, 100 is nearly even")
    if not 0 < held_out < 1:
        raise ValueError(f"held_out must lie between 0 and 1, got {held_out}")
    if len(cases) < participants * SMALLEST_SHARE:
        raise ValueError(
            f"{len(cases)} cases are too few for {participants} participants: each needs "
            f"{SMALLEST_SHARE}, so take at most {len(cases) // SMALLEST_SHARE} participants"
        )
    random = np.random.default_rng(int(torch.randint(2**62, (), generator=generator)))
    holdings: list[list[int]] = [[] for _ in range(participants)]
    for number, stratum in enumerate(torch.unique(cases.strata)):
        members = random.permutation(torch.nonzero(cases.strata == stratum).flatten().numpy())
        whole = np.eye(participants)[number % participants]
        shares = random.dirichlet(np.full(participants, alpha)) if alpha else whole
        borders = np.round(np.cumsum(shares)[:-1] * len(members)).astype(int)
        for holding, part in zip(holdings, np.split(members, borders), strict=True):
            holding.extend(part.tolist())
    while len(poorest := min(holdings, key=len)) < SMALLEST_SHARE:
        poorest.append(max(holdings, key=len).pop())
    return [_share(cases, torch.tensor(random.permutation(holding)), held_out) for holding in holdings]


def _share(cases: Cases, index: torch.Tensor, held_out: float) -> Share:
    kept = min(max(round(held_out * len(index)), 2), len(index) - 1)
    return Share(train=cases.take(index[kept:]), held_out=cases.take(index[:kept]))
