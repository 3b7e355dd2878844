"""Sorting from the highest to the lowest."""

from __future__ import annotations

import numpy as np

from derelay.sim.paper.arrays import Floats, Indices


def highest_first(values: Floats) -> Indices:
    """Return the positions of the values, highest first; equal ones stay in the order in which they stand."""
    order = np.argsort(-values)
    ranked = values[order]
    if (ranked[1:] == ranked[:-1]).any():  # without ties the stable sort gives the same, several times slower
        return np.argsort(-values, kind="stable")
    return order
