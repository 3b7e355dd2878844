"""The terms of a relay, ordinary and extreme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

from eth_utils import keccak
from model import Terms

from derelay.rules.parameters import LONGEST, MAX_ENTRIES, MAX_MONEY, MAX_SEATS, OPEN, Parameters
from derelay.rules.phases import WINDOWS, Phase
from derelay.rules.units import NANO, SHARE_ONE

ETHER = 10**18
TASK = "task", bytes(32)
LARGEST = 2**255 - 1
MONEY = [0, 0, 1, 7, 10**9, 10**15, 10**15, ETHER]
CHOICES: dict[str, list[Any]] = {
    "price": MONEY,
    "versions_cap": [1, 2, 8, 2**256 - 1],
    "seat_fee": MONEY,
    "closing_fee": MONEY,
    "slash": MONEY,
    "undecided_share": [0, 1, 1_000, SHARE_ONE],
    "burned_share": [0, 3_333, SHARE_ONE],
    "load": [1, 2, 8, 32],
    "pool_size": [1, 2, 3, 8],
    "max_entries": [1, 2, 5, MAX_ENTRIES],
    "clip": [1, NANO, NANO, 10**12],
    "trim": [0, 1, 2_000, 9_999, SHARE_ONE],
    "vote_trim": [0, 1, 4_000, SHARE_ONE],
    "z_pass": [0, 1_000, 100_000],
    "z_mint": [0, 3_000, 100_000],
    "z_fail": [0, 1_960, 100_000],
    "g_min": [0, 1, 2 * 10**6, LARGEST],
    "g_head": [0, 1, 10**6, LARGEST],
    "g_ref": [1, NANO // 20, NANO // 20, LARGEST],
}


def usual() -> Terms:
    """Return ordinary terms."""
    return Terms(OPEN, (10**16, 2 * 10**16), 3600, 9 * 10**17, (), keccak(b"genesis"), TASK)


def drawn(
    random: Random, people: Sequence[str], genesis: bytes, origin: tuple[int, str, int] | None
) -> Terms:
    """Draw the terms of a relay."""
    return Terms(
        parameters=_parameters(random),
        bonds=random.choice([(0, 0), (1, 2), (10**16, 10**16), (10**16, 2 * 10**16)]),
        leave_delay=random.choice([0, 1, 3600, LONGEST]),
        decay=random.choice([10**17, 5 * 10**17, 9 * 10**17, 9 * 10**17, 10**18]),
        committee=tuple(people[2:8]) if random.random() < 0.1 else (),
        genesis=genesis,
        task=TASK,
        origin=origin,
    )


def _parameters(random: Random) -> Parameters:
    extreme = random.choice([0.1, 0.3, 0.6])
    values = {name: random.choice(choices) for name, choices in CHOICES.items() if random.random() < extreme}
    if random.random() < 0.05:
        values |= dict.fromkeys(("price", "seat_fee", "closing_fee", "slash"), 0)
    elif random.random() < 0.03:
        values |= {name: MAX_MONEY for name in ("price", "seat_fee", "slash") if random.random() < 0.5}
    seats = random.choice([1, 2, 3, 3, 4, 5, 6, MAX_SEATS])
    least = random.choice([1, 1, 1, min(seats, 2), min(seats, 3), seats])
    trainers = random.choice([1, 6_000, 6_000, SHARE_ONE])
    servers = random.choice([0, 1_000, SHARE_ONE])
    return replace(
        OPEN,
        **values,
        seats=seats,
        min_seats=least,
        voters=random.choice([least, max(least, 5), MAX_SEATS]),
        trainers_share=trainers,
        servers_share=min(servers, SHARE_ONE - trainers),
        window_seconds=_windows(random, 10),
        window_blocks=_windows(random, 4),
    )


def _windows(random: Random, usual: int) -> tuple[int, ...]:
    """Return short windows, and some of no length, but never the one to train in."""
    lengths = [random.choice([0, usual, usual, usual + 1]) for _ in WINDOWS]
    lengths[WINDOWS.index(Phase.TRAIN)] = usual + random.randint(0, 3)
    return tuple(lengths)
