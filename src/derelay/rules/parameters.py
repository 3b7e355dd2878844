"""The parameters of a relay: fixed at its creation, readable by all (protocol.md, section 7)."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields, replace
from typing import Any

from derelay.rules.units import GWEI, NANO, SHARE_ONE

MAX_SEATS = 32
MAX_LOAD = 32
MAX_POOL = 8
MAX_ENTRIES = 65_536
MAX_MONEY = 10**24
LONGEST = 365 * 24 * 3600
DECAY_ONE = 10**18
VOTE_FEES = 3
"""Seat fees that an entry pays for the votes on the pool, which measure three candidates."""


class ParameterError(ValueError):
    """A parameter under which a relay could not work."""


@dataclass(frozen=True)
class Parameters:
    """Everything that a relay's creator chooses; the order is that of the contract's struct.

    Attributes
    ----------
    price
        Wei for one version of the weights.
    versions_cap
        Most versions that a deposit pays for.
    seat_fee
        Wei for testing one child.
    closing_fee
        Wei for closing a window, as long as the purse lasts.
    slash
        Wei that a tester loses who stays silent, besides the price of the versions it was granted.
    undecided_share
        Share of the deposit kept for an undecided child.
    burned_share
        Share of what a verdict forfeits that nobody gets; the rest is royalty (docs/theory.md, 16).
    seats, min_seats
        Testers of a child; fewest with which a round takes place.
    load
        Most children that one tester tests.
    pool_size
        Most children that are averaged.
    voters
        Most members of the committee that votes on the pool.
    max_entries
        Most entries in a round.
    step
        Share of the way from the head to the child at which a child is judged.
    clip, trim, z_pass, z_fail, g_min
        See `derelay.rules.verdict.verdict`.
    vote_trim
        What `trim` is among the votes on the pool: these decide what everybody goes on with.
    g_head
        Gain that a candidate must exceed to become the head.
    g_ref
        Gain for which one coin is minted, the most for one head.
    z_mint
        How sure a gain must be for which coins are minted, in thousandths of its standard error.
    trainers_share, servers_share
        Shares of what is minted; the rest is royalty.
    window_seconds, window_blocks
        Least length of each window, in the order of `derelay.rules.phases.WINDOWS`.
    """

    price: int = 1_000_000 * GWEI
    versions_cap: int = 8
    seat_fee: int = 10_000 * GWEI
    closing_fee: int = 5_000 * GWEI
    slash: int = 1_000_000 * GWEI
    undecided_share: int = 1_000
    burned_share: int = 0
    seats: int = 5
    min_seats: int = 3
    load: int = 8
    pool_size: int = 8
    voters: int = 21
    max_entries: int = 512
    step: int = 2_500
    clip: int = NANO
    trim: int = 2_000
    vote_trim: int = 4_000
    z_pass: int = 1_000
    z_fail: int = 1_960
    z_mint: int = 3_000
    g_min: int = 2 * NANO // 1000
    g_head: int = NANO // 1000
    g_ref: int = NANO
    trainers_share: int = 6_000
    servers_share: int = 1_000
    window_seconds: tuple[int, ...] = (60, 300, 3600, 300, 600, 1800, 600, 1800)
    window_blocks: tuple[int, ...] = (2, 4, 8, 8, 4, 4, 4, 4)

    def check(self) -> Parameters:
        """Return these parameters.

        Raises
        ------
        ParameterError
            If a relay could not work under them; the contract refuses the same.
        """
        for field in fields(self):
            value = getattr(self, field.name)
            for number in value if isinstance(value, tuple) else (value,):
                if not isinstance(number, int) or number < 0:
                    raise ParameterError(f"{field.name} must be a whole number, not negative; got {value!r}")
        for holds, reason in (
            (
                max(self.price, self.seat_fee, self.closing_fee, self.slash) <= MAX_MONEY,
                "price, seat_fee, closing_fee and slash must be at most 10**24 wei",
            ),
            (self.versions_cap > 0, "versions_cap must be at least 1"),
            (
                max(self.undecided_share, self.burned_share) <= SHARE_ONE,
                f"undecided_share and burned_share are in parts of {SHARE_ONE}",
            ),
            (
                0 < self.min_seats <= self.seats <= MAX_SEATS,
                f"need 1 <= min_seats <= seats <= {MAX_SEATS}",
            ),
            (0 < self.load <= MAX_LOAD, f"load must be 1 to {MAX_LOAD}"),
            (0 < self.pool_size <= MAX_POOL, f"pool_size must be 1 to {MAX_POOL}"),
            (self.min_seats <= self.voters <= MAX_SEATS, f"voters must be min_seats to {MAX_SEATS}"),
            (0 < self.max_entries <= MAX_ENTRIES, f"max_entries must be 1 to {MAX_ENTRIES}"),
            (0 < self.step <= SHARE_ONE, f"step must be 1 to {SHARE_ONE}"),
            (0 < self.clip <= 10**12, "clip must be 1 to 10**12 (1000 nats)"),
            (max(self.trim, self.vote_trim) <= SHARE_ONE, f"trim and vote_trim are in parts of {SHARE_ONE}"),
            (
                max(self.z_pass, self.z_fail, self.z_mint) <= 100_000,
                "z_pass, z_fail and z_mint must be at most 100000",
            ),
            (self.g_ref > 0, "g_ref must be positive"),
            (self.trainers_share > 0, "trainers_share must be positive: royalties go to who has earned"),
            (
                self.trainers_share + self.servers_share <= SHARE_ONE,
                f"trainers_share + servers_share must be at most {SHARE_ONE}",
            ),
            (len(self.window_seconds) == len(self.window_blocks) == 8, "there are 8 windows"),
            (
                max(self.window_seconds[2], self.window_blocks[2]) >= 4,
                "the window to train must last 4 seconds or 4 blocks: its last quarter grants no keys",
            ),
            (
                max(*self.window_seconds, *self.window_blocks) <= LONGEST,
                f"window_seconds and window_blocks must be at most {LONGEST}",
            ),
        ):
            if not holds:
                raise ParameterError(reason)
        return self

    def as_tuple(self) -> tuple[Any, ...]:
        """Return the values in the order of the contract's struct."""
        return astuple(self)

    @classmethod
    def from_tuple(cls, values: tuple[Any, ...]) -> Parameters:
        """Read the contract's struct."""
        plain: list[Any] = [tuple(value) if isinstance(value, list) else value for value in values]
        return cls(*plain)

    @property
    def entry_fee(self) -> int:
        """Wei that an entrant pays for testing: each seat, the votes on the pool, the purse."""
        return (self.seats + VOTE_FEES + 1) * self.seat_fee


OPEN = Parameters()
"""Anyone may join: sections 2 to 6 of the protocol."""

TRUSTED = replace(OPEN, seats=2, min_seats=1, voters=2)
"""A fixed committee and no bonds, for those who trust each other."""
