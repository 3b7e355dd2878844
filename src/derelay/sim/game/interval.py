"""Confidence intervals of means, and which of many means are surely positive."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit  # type: ignore[import-untyped]

Floats = NDArray[np.float64]

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Interval:
    """A mean, and Student's interval for it: the samples are independent, one for each seed.

    Attributes
    ----------
    low, high
        Ends; infinite for a single sample, equal to the mean if all samples are the same.
    count
        Of samples.
    p
        Probability of so large a mean if the true one were zero or less (one-sided t-test).
    """

    mean: float
    low: float
    high: float
    count: int
    p: float


def interval(samples: Sequence[float] | Floats, confidence: float = CONFIDENCE) -> Interval:
    """Return the mean of samples with Student's interval.

    Raises
    ------
    ValueError
        If there are none.
    """
    values = np.asarray(samples, dtype=float)
    count = len(values)
    if count == 0:
        raise ValueError("an interval needs samples, got none")
    mean = float(values.mean())
    if count == 1:
        return Interval(mean, -math.inf, math.inf, 1, 1.0)
    error = float(values.std(ddof=1)) / math.sqrt(count)
    if np.ptp(values) == 0 or error == 0:
        return Interval(mean, mean, mean, count, 0.0 if mean > 0 else 1.0)
    reach = float(stdtrit(count - 1, (1 + confidence) / 2)) * error
    return Interval(mean, mean - reach, mean + reach, count, float(stdtr(count - 1, -mean / error)))


def surely_positive(intervals: Sequence[Interval], level: float = 1 - CONFIDENCE) -> list[bool]:
    """Return which means are positive, wrong about any one of them with probability ``level`` at most.

    Holm's step-down procedure (1979) on the one-sided p-values: of a hundred means that are zero, five would
    look positive one by one.
    """
    order = sorted(range(len(intervals)), key=lambda place: intervals[place].p)
    sure = [False] * len(intervals)
    for rank, place in enumerate(order):
        if intervals[place].p > level / (len(order) - rank):
            break
        sure[place] = True
    return sure
