"""The units that whole numbers on chain are in."""

SHARE_ONE = 10_000
"""Shares are in parts of this."""

NANO = 10**9
"""Gains and their standard errors are in units of 1e-9 nat per case."""

GWEI = 10**9
"""Wei of one gwei."""
