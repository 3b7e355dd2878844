"""Royalties to all earlier contributors, by one decaying accumulator (protocol.md, section 4).

The same arithmetic as the accounts contract: whole numbers, weights rounded down, their total
rounded up, so that what is claimed never exceeds what was paid.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

ONE = 10**18
RESCALE = 10**9
PRODUCT_ONE = 10**27
PRODUCT_FLOOR = 10**18
TOTAL_FLOOR = 10**9
SCALES_BACK = 3


@dataclass
class Position:
    """A contributor's weight as of its last touch, and the state of the accumulator then."""

    weight: int = 0
    product: int = PRODUCT_ONE
    scale: int = 0
    paid: int = 0


@dataclass
class Royalties:
    """Payments shared among contributors, each weighted by what it once earned times ``decay**age``.

    A payment, an ageing and a claim each cost the same, whatever the number of contributors.

    Parameters
    ----------
    decay
        Factor per new head, in parts of 1e18.
    """

    decay: int
    product: int = PRODUCT_ONE
    scale: int = 0
    total: int = 0
    unallocated: int = 0
    sums: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    positions: defaultdict[str, Position] = field(default_factory=lambda: defaultdict(Position))
    credits: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    paused: set[str] = field(default_factory=set)

    def add(self, who: str, weight: int) -> None:
        """Let ``who`` earn from now on with ``weight`` more."""
        self._touch(who)
        self.positions[who].weight += weight
        if who not in self.paused:
            self.total += weight

    def pay(self, amount: int) -> None:
        """Share ``amount`` among all who are not paused; it waits for the next payment if nobody is there."""
        amount += self.unallocated
        if self.total < TOTAL_FLOOR:
            self.unallocated = amount
            return
        self.unallocated = 0
        self.sums[self.scale] += self.product * amount * ONE // self.total

    def age(self) -> None:
        """Let every contribution so far count ``decay`` times what it counted."""
        self.product = self.product * self.decay // ONE
        self.total = -(-self.total * self.decay // ONE)
        if self.product < PRODUCT_FLOOR:
            self.product *= RESCALE
            self.scale += 1

    def pause(self, who: str) -> None:
        """Leave ``who`` out of payments until `resume`: a tester earns nothing from what it judges."""
        if who not in self.paused:
            self._touch(who)
            self.total -= self.positions[who].weight
            self.paused.add(who)

    def resume(self, who: str) -> None:
        """Take ``who`` in again, with its weight aged meanwhile."""
        if who in self.paused:
            self._touch(who)
            self.paused.remove(who)
            self.total += self.positions[who].weight

    def owed(self, who: str) -> int:
        """Return what ``who`` may claim."""
        return self.credits[who] + self._earned(who)

    def weight_of(self, who: str) -> int:
        """Return the weight of ``who`` as of now."""
        return self._current(who).weight

    def _current(self, who: str) -> Position:
        before = self.positions[who]
        weight = 0
        if self.scale - before.scale < SCALES_BACK:
            weight = before.weight * self.product // before.product // RESCALE ** (self.scale - before.scale)
        return Position(weight, self.product, self.scale, self.sums[self.scale])

    def _earned(self, who: str) -> int:
        before = self.positions[who]
        if who in self.paused:
            return 0
        paid = self.sums[before.scale] - before.paid
        for back in range(1, SCALES_BACK):
            if before.scale + back <= self.scale:
                paid += self.sums[before.scale + back] // RESCALE**back
        return before.weight * paid // before.product // ONE

    def _touch(self, who: str) -> None:
        self.credits[who] += self._earned(who)
        self.positions[who] = self._current(who)
