"""A coin is a measured improvement (protocol.md, section 4)."""

from __future__ import annotations

from collections.abc import Sequence

from derelay.rules.units import SHARE_ONE

COIN = 10**18


def minted(lower: int, g_ref: int) -> int:
    """Return ``min(1, lower / g_ref)`` coins for a head; none for no gain.

    Parameters
    ----------
    lower
        Lower end of the new head's gain over the old one, in 1e-9 nat.
    """
    return min(COIN, max(lower, 0) * COIN // g_ref)


def counted(gains: Sequence[int], g_min: int) -> list[int]:
    """Return what the gains of a pool's children count for when coins are split among them.

    None counts for more than twice the middle one (or ``g_min``, if that is more): a committee that was
    captured, or a clip, must not win its child the parts of all the others.

    Parameters
    ----------
    gains
        Best first.
    """
    most = 2 * max(gains[len(gains) // 2], g_min, 1) if gains else 0
    return [min(max(gain, 0), most) for gain in gains]


def parts(coins: int, share: int, gains: Sequence[int]) -> list[int]:
    """Split a share of the coins by gain, none counted below zero, each part rounded down.

    What rounding or gains of zero leave is royalty.
    """
    positive = [max(gain, 0) for gain in gains]
    total = sum(positive)
    if total == 0:
        return [0] * len(positive)
    return [coins * share * gain // (total * SHARE_ONE) for gain in positive]
