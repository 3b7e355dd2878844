"""How large a coalition the rules hold off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from derelay.sim.game.deviation import Effect
from derelay.sim.game.interval import interval

SHARES = (0.1, 0.2, 0.3, 0.4, 0.5)
LEARNS = 0.5
"""Share of what the honest alone would learn that a head must reach to count as improving."""


@dataclass(frozen=True)
class Held:
    """What the shares tested say about one strategy.

    Attributes
    ----------
    off
        Largest share up to which members do not gain, the whole interval of their mean gain being at most
        zero, and up to which the head goes on learning; 0 for none.
    pays
        Smallest share at which they surely gain; None if at none tested.
    stops
        Smallest share at which the head does not surely go on learning; None if at none tested.
    """

    off: float
    pays: float | None
    stops: float | None


def held_off(effects: Sequence[Effect]) -> Held:
    """Judge a strategy by its coalitions, all of one relay and one economy."""
    off, holding = 0.0, True
    pays: float | None = None
    stops: float | None = None
    for effect in sorted(effects, key=lambda effect: effect.deviation.members):
        share, gain = effect.deviation.share, interval(effect.gain)
        learned = interval(effect.learned - LEARNS * (effect.learned - effect.learned_change))
        if pays is None and gain.low > 0:
            pays = share
        if stops is None and learned.low <= 0:
            stops = share
        holding = holding and gain.high <= 0 and stops is None
        off = share if holding else off
    return Held(off, pays, stops)


def members(agents: int, shares: Sequence[float]) -> list[int]:
    """Return how many names each share of a relay is; at least one, and one honest beside the creator."""
    return sorted({min(max(round(share * agents), 1), agents - 2) for share in shares})
