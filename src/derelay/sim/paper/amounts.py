"""Coins as text."""

from __future__ import annotations

HUGE = 1e10


def amount(coins: float) -> str:
    """Return coins as text that is short, whether they are few or very many."""
    if coins < 100:
        return f"{coins:.1f}"
    return f"{coins:,.0f}" if coins < HUGE else f"{coins:.3e}"
