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
    DRAW = 4
    SEAL = 5
    SCORE = 6
    REVEAL = 7
    JUDGE = 8
    POOL = 9
    SETTLE = 10


WINDOWS = (
    Phase.REST,
    Phase.ENTER,
    Phase.TRAIN,
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
