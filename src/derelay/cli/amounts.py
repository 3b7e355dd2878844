"""Amounts and times as people read them."""

from __future__ import annotations

from decimal import Decimal

from derelay.rules.units import GWEI, NANO

ONE = 10**18
"""Wei of one of the native currency, and the same for coins."""
_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def native(wei: int) -> str:
    """Return an amount of the native currency, to nine digits after the point; as wei if that shows none."""
    return f"{wei} wei" if 0 < abs(wei) < GWEI else _plain(wei, 9)


def coins(amount: int) -> str:
    """Return an amount of coins, to four digits after the point."""
    return _plain(amount, 4)


def gwei(wei: int) -> str:
    """Return a price of gas."""
    return f"{wei / GWEI:.4g} gwei"


def nats(gain: int) -> str:
    """Return a gain in nats per case."""
    return f"{gain / NANO:.4f}"


def seconds(number: int) -> str:
    """Return a time in its two largest units."""
    parts = []
    for name, size in _UNITS:
        count, number = divmod(number, size)
        if count:
            parts.append(f"{count} {name}")
    return " ".join(parts[:2]) or "0 s"


def _plain(amount: int, digits: int) -> str:
    text = f"{Decimal(amount) / ONE:.{digits}f}"
    return text.rstrip("0").rstrip(".")
