"""The phases of a round, in order."""

from enum import IntEnum


class Phase(IntEnum):
    """Where a round stands.

    Windows last until anyone closes them after their least time and least number of blocks. Steps
    (`ADMIT`, `DRAW`, `JUDGE`, `SETTLE`) walk over a list and end when it is worked off.
    """

    REST = 0
    ENTER = 1
    ADMIT = 2
    TRAIN = 3
    DISCLOSE = 4
    DRAW = 5
    SEAL = 6
    SCORE = 7
    REVEAL = 8
    JUDGE = 9
    POOL = 10
    SETTLE = 11


WINDOWS = (
    Phase.REST,
    Phase.ENTER,
    Phase.TRAIN,
    Phase.DISCLOSE,
    Phase.SEAL,
    Phase.SCORE,
    Phase.REVEAL,
    Phase.POOL,
)
"""The phases that are windows, in the order of `Parameters.window_seconds`."""


class Candidate(IntEnum):
    """A candidate for the new head: the pool, the part of the pool that passed, the best child."""

    POOLED = 0
    PASSED = 1
    BEST = 2
