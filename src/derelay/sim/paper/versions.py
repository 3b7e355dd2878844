"""How many participants hold the newest version, the one before, and so on: the paper's first figure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RECENT = 11
"""Versions counted one by one, the newest included."""
LABELS = ("latest", *(f"latest-{age}" for age in range(1, RECENT)), "older", "none")
"""The bins, as the authors name them."""


def holders(held: NDArray[np.int32]) -> NDArray[np.intp]:
    """Return how many participants fall into each bin of `LABELS`.

    Parameters
    ----------
    held
        The newest version each participant holds in any way; −1 if none.
    """
    counts = np.bincount(held + 1)
    newest_first = counts[:0:-1]
    bins = np.zeros(len(LABELS), dtype=np.intp)
    recent = newest_first[:RECENT]
    bins[: len(recent)] = recent
    bins[-2] = newest_first[RECENT:].sum()
    bins[-1] = counts[0]
    return bins
