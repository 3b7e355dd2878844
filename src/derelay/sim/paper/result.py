"""What a run leaves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from derelay.sim.paper.arrays import Floats, Indices
from derelay.sim.paper.parameters import Parameters


@dataclass(frozen=True)
class Rounds:
    """One entry for each round, taken at its end.

    Parameters
    ----------
    trained, selected
        Children delivered, and of these how many survived: the owners of the next round.
    latest
        The newest version that anyone holds.
    total, genesis, least, most
        Coins of all, of participant 0, of the poorest and of the richest.
    holders
        Participants by the version they hold, [rounds, 13]: see `derelay.sim.paper.versions`.
    """

    trained: Indices
    selected: Indices
    latest: Indices
    total: Floats
    genesis: Floats
    least: Floats
    most: Floats
    holders: NDArray[np.intp]


@dataclass(frozen=True)
class Spread:
    """How coins are spread, at some rounds.

    Parameters
    ----------
    rounds
        At the end of which, counted from 1.
    gini
        Gini coefficient.
    quantiles
        Coins of the poorest, the 5th, 50th and 95th percentile, and the richest, [rounds, 5].
    people, traces
        At most 256 participants, and their coins, [rounds, people].
    """

    rounds: Indices
    gini: Floats
    quantiles: Floats
    people: Indices
    traces: Floats


@dataclass(frozen=True)
class Run:
    """A finished run.

    Parameters
    ----------
    coins
        Everyone's coins at the end of some rounds, by round.
    seconds
        How long it took.
    """

    parameters: Parameters
    rounds: Rounds
    spread: Spread
    coins: dict[int, Floats]
    seconds: float
