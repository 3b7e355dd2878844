"""At which rounds everyone's coins are kept, and at which they are looked at for the figures."""

from __future__ import annotations

import numpy as np

AUTHORS = (1, 2, 5, 10, 20, 50, 100, 200, 300, 500, 1000, 2000, 5000)
"""Rounds of which the authors' own run is kept."""
LATER = (10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000)
SAMPLES = 100


def milestones(rounds: int) -> list[int]:
    """Return the rounds, up to the last and with it, after which everyone's coins are kept."""
    return sorted({each for each in (*AUTHORS, *LATER) if each < rounds} | {rounds})


def samples(rounds: int) -> list[int]:
    """Return some two hundred rounds, close enough to draw lines over plain and logarithmic axes."""
    evenly = np.linspace(1, rounds, SAMPLES)
    geometrically = np.geomspace(1, rounds, SAMPLES)
    both = {round(each) for each in (*evenly.tolist(), *geometrically.tolist())}
    return sorted(both | set(milestones(rounds)))
