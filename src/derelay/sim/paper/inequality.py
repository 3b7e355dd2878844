"""How unevenly coins are spread."""

from __future__ import annotations

import numpy as np

from derelay.sim.paper.arrays import Floats


def gini(ascending: Floats) -> float:
    """Return the Gini coefficient: 0 if all have the same, 1 − 1/n if one of n has everything.

    Parameters
    ----------
    ascending
        What each has, from the least to the most; not all zero.
    """
    n = len(ascending)
    ranks = np.arange(1, n + 1)
    return float(2 * (ranks @ ascending) / (n * ascending.sum()) - (n + 1) / n)
