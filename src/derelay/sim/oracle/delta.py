"""Where a model lies from the head, as far as its gain depends on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Delta:
    """A model less the head, in units of what one honest leg moves.

    Attributes
    ----------
    reach
        How far along the direction that every honest leg takes from this head.
    parts
        How far along directions of its own, by the number of the leg that they come from: copies share
        them, different legs do not.
    """

    reach: float = 0.0
    parts: tuple[tuple[int, float], ...] = ()

    def scaled(self, share: float) -> Delta:
        """Return the head moved by a share of the way to this model."""
        return Delta(self.reach * share, tuple((leg, share * amount) for leg, amount in self.parts))

    def plus(self, other: Delta) -> Delta:
        """Return both moves one after the other."""
        parts = dict(self.parts)
        for leg, amount in other.parts:
            parts[leg] = parts.get(leg, 0.0) + amount
        return Delta(self.reach + other.reach, tuple(parts.items()))

    @property
    def aside(self) -> float:
        """The squared length of its own directions."""
        return sum(amount * amount for _, amount in self.parts)


def pooled(children: Iterable[Delta], step: float) -> Delta:
    """Return the average of children, none weighing more than ``step`` (`derelay.learn.pooling.pooled`)."""
    moves = list(children)
    share = min(step, 1 / len(moves))
    total = Delta()
    for move in moves:
        total = total.plus(move.scaled(share))
    return total
