"""Lemma 10: what a gain brings at once, and in parts."""

from __future__ import annotations

from derelay.rules.parameters import OPEN, Parameters
from derelay.rules.units import NANO


def minted(gain: float, error: float = 0.0, parts: int = 1, rules: Parameters = OPEN) -> float:
    """Return the coins minted for a gain of the head that comes in equal parts, one a round.

    Parameters
    ----------
    gain, error
        Of the whole, nats per case; a part has its share of both, as the distance moved has.
    """
    lower = (gain - rules.z_mint / 1000 * error) / parts
    return parts * min(1.0, max(lower, 0.0) / (rules.g_ref / NANO))


def most_from_slicing(gain: float, rules: Parameters = OPEN) -> float:
    """Return how many times more coins a gain brings in parts than at once, at most: gain/g_ref, or 1."""
    return max(1.0, gain / (rules.g_ref / NANO))
