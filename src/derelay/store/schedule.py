"""Who is asked for which block, and when somebody else is asked as well: no I/O, no clock."""

import math
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

MOST_LINES = 4
"""Lines in use at a time, slow ones not counted: enough to fill two cores, or to spread over four holders."""

SLOW = 1e-6
"""Seconds for a byte: a line that takes longer is used, but does not count as one."""

STRAGGLE, LATE = 3.0, 0.1
"""When a line asks for a block that another is still at: after so many times what its own last one took, and
so many seconds."""


@dataclass
class _Flight:
    """A block under way: over the lines of which sources, the last one since when."""

    names: list[str] = field(default_factory=list)
    since: float = 0.0


class Schedule:
    """What is to be asked next over which line.

    Blocks go to whichever line is free, so they are spread over the holders by their pace. What is under way
    over a line that is slow, or whose holder died, others are asked for, too, when nothing else is left.
    A holder gets a second line after it has given a block.

    Parameters
    ----------
    blocks : iterable of int
        Which blocks are wanted.
    names : sequence of str
        The holders, first choice first.
    """

    def __init__(self, blocks: Iterable[int], names: Sequence[str]) -> None:
        self.lost: int | None = None
        """A block that no holder gives; its reasons are in `reasons`."""
        self.reasons: dict[int, dict[str, str]] = {}
        self._names = list(names)
        self._todo = deque(blocks)
        self._flights: dict[int, _Flight] = {}
        self._lines: Counter[str] = Counter()
        self._gave: dict[str, float] = {}  # when each holder gave its last block
        self._pace: dict[str, float] = {}
        self._crowded: set[str] = set()
        self._liars: set[str] = set()

    @property
    def is_done(self) -> bool:
        """Whether all blocks have come."""
        return not self._todo and not self._flights

    def want(self, block: int) -> None:
        """Add a block."""
        self._todo.append(block)
        self._judge(block)

    def next_line(self) -> str | None:
        """Return the holder that another line shall lead to, and count it; None if there are enough."""
        name = self._next_line()
        if name is not None:
            self._lines[name] += 1
        return name

    def next_block(self, name: str, took: float, now: float) -> int | None:
        """Return what to ask a holder for; None if there is nothing (now).

        Parameters
        ----------
        name : str
            The holder.
        took : float
            Seconds that its line took for its last block; infinite if it is the first.
        now : float
            The time, in seconds.
        """
        if name in self._liars:
            return None
        block = next((block for block in self._todo if self._may(name, block)), None)
        if block is not None:
            self._todo.remove(block)
        else:
            block = self._straggler(name, took, now)
        if block is not None:
            flight = self._flights.setdefault(block, _Flight())
            flight.names.append(name)
            flight.since = now
        return block

    def came(self, block: int, name: str, pace: float, now: float) -> bool:
        """Note that a holder gave a block, at so many seconds for a byte; say whether it is the first to."""
        self._gave[name], self._pace[name] = now, pace
        return self._flights.pop(block, None) is not None

    def refused(self, block: int, name: str, reason: str) -> None:
        """Note that a holder has not given a block and will not."""
        self.reasons.setdefault(block, {})[name] = reason
        self._back(block, name)

    def lied(self, block: int, name: str, reason: str) -> None:
        """Note that a holder gave other bytes; it is asked for nothing any more."""
        self._liars.add(name)
        self.refused(block, name, reason)
        for other in (*self._todo, *self._flights):
            self._judge(other)

    def failed(self, block: int, name: str, reason: str, began: float) -> None:
        """Note that a line, which is no more, failed to bring what was asked for at `began`.

        If the holder gave something in the meantime, it was a line too many.
        """
        self._lines[name] -= 1
        if self._gave.get(name, -math.inf) > began:
            self._crowded.add(name)
            self._back(block, name)
        else:
            self._pace[name] = math.inf
            self.refused(block, name, reason)

    def ended(self, name: str) -> None:
        """Note that a line is no more."""
        self._lines[name] -= 1

    def paces(self) -> dict[str, float]:
        """Return the seconds for a byte that each holder took last; infinite if it failed."""
        return dict(self._pace)

    def _may(self, name: str, block: int) -> bool:
        return name not in self._liars and name not in self.reasons.get(block, {})

    def _back(self, block: int, name: str) -> None:
        flight = self._flights.get(block)
        if flight is None:
            return
        flight.names.remove(name)
        if not flight.names:
            del self._flights[block]
            self._todo.appendleft(block)
        self._judge(block)

    def _judge(self, block: int) -> None:
        """See whether anybody is left to ask for a block."""
        under_way = block in self._flights
        if not under_way and not any(self._may(name, block) for name in self._names):
            self.lost = block

    def _straggler(self, name: str, took: float, now: float) -> int | None:
        since = now - max(STRAGGLE * took, LATE)
        late = [
            block
            for block, flight in self._flights.items()
            if len(flight.names) == 1 and flight.since < since and self._may(name, block)
        ]
        return min(late, key=lambda block: self._flights[block].since, default=None)

    def _next_line(self) -> str | None:
        if not self._todo:
            return None
        able = [name for name in self._names if self._may(name, self._todo[0])]
        sound = [name for name in able if self._pace.get(name) != math.inf]
        if not any(self._lines[name] for name in able):
            return next(iter(sound or able), None)
        free = [name for name in sound if not self._lines[name] or self._is_free(name)]
        under_way = sum(len(flight.names) for flight in self._flights.values())
        if self._in_use() >= MOST_LINES or self._lines.total() - under_way >= len(self._todo) or not free:
            return None
        return min(free, key=lambda name: self._lines[name])

    def _is_free(self, name: str) -> bool:
        """Say whether a holder that has a line may get another."""
        return name in self._gave and name not in self._crowded and self._pace[name] <= SLOW

    def _in_use(self) -> int:
        return sum(count for name, count in self._lines.items() if self._pace.get(name, 0.0) <= SLOW)
