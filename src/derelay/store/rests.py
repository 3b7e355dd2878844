"""How long a server that fails is let rest."""

import time

MOST_RESTS = 16
"""How long a server that fails again and again is let rest at most, in times what its failing took."""


class Rests:
    """The rests of one server, whatever number of connections it is asked over.

    Who fails is not asked again for as long as that took; for twice, four times and so on if it fails again,
    so that those who died cost little time. A connection too many is no failure: not if another one brought
    something in the meantime.
    """

    def __init__(self) -> None:
        self._rests, self._until, self._worked = 0, 0.0, 0.0

    def begin(self) -> float:
        """Return the time (monotonic seconds), for `fail`; raise `TimeoutError` while it rests."""
        now = time.monotonic()
        if now < self._until:
            raise TimeoutError(f"failed lately; asked again in {self._until - now:.0f} s")
        return now

    def work(self) -> None:
        """Note that it answered."""
        self._rests, self._worked = 0, time.monotonic()

    def fail(self, began: float) -> None:
        """Note that it failed to answer what it was asked at `began`."""
        if self._worked > began:
            return
        self._rests = min(2 * self._rests or 1, MOST_RESTS)
        now = time.monotonic()
        self._until = now + self._rests * (now - began)
