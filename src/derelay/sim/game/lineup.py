"""Who sits where: seats are drawn by the seed, the same with and without a deviation."""

from __future__ import annotations

from random import Random

from derelay.sim.strategies import Honest, Strategy, cast


def deviating_seats(agents: int, members: int, seed: int) -> list[int]:
    """Return the seats of the deviating; the relay's creator, seat 0, is never one of them.

    A larger coalition of the same seed holds the seats of a smaller one.
    """
    seats = list(range(1, agents))
    Random(f"seats {seed}").shuffle(seats)
    return seats[:members]


def honest(agents: int) -> tuple[Strategy, ...]:
    """Return a relay in which all are honest."""
    return (Honest(),) * agents


def deviating(name: str, agents: int, seats: list[int]) -> tuple[Strategy, ...]:
    """Return a relay in which some seats play a strategy, together if it is played together."""
    strategies = list(honest(agents))
    for seat, strategy in zip(seats, cast({name: len(seats)}), strict=True):
        strategies[seat] = strategy
    return tuple(strategies)


def mixed(counts: dict[str, int], seed: int) -> tuple[Strategy, ...]:
    """Return a relay of a mix of strategies, on seats drawn by the seed."""
    strategies = cast(counts)
    Random(f"mix {seed}").shuffle(strategies)
    return tuple(strategies)
