"""What the maker of each of a round's four blocks earns, in coins."""

from __future__ import annotations

UNIT = 0.001
"""For each deposit, hash, test case or score in a block."""
CASES = 100
"""Test cases in every testing block."""


def deposit_block(deposits: int) -> float:
    """Return the reward for recording who trains whose model."""
    return deposits * UNIT


def encryption_block(children: int) -> float:
    """Return the reward for the hashes of the children, who are also handed to its maker."""
    return children * UNIT


def testing_block(children: int) -> float:
    """Return the reward for the test cases and the hashes of the encrypted children."""
    return CASES * UNIT + children * UNIT


def settlement_block(children: int) -> float:
    """Return the reward for ranking the children and scoring each on every case."""
    return children * UNIT + children * CASES * UNIT
