"""A wish to stop that a signal handler may set and a loop looks at."""

from __future__ import annotations

import time

SLICE_SECONDS = 0.2
"""Of one sleep: on some systems no signal is handled within one."""


class Stop:
    """What `threading.Event` would be, but for its lock, on which a handler could wait for itself."""

    def __init__(self) -> None:
        self._is_set = False

    def is_set(self) -> bool:
        """Return whether to stop."""
        return self._is_set

    def set(self) -> None:
        """Wish to stop."""
        self._is_set = True

    def wait(self, seconds: float) -> bool:
        """Wait until it is set, so many seconds at most; return whether it is."""
        end = time.monotonic() + seconds
        while not self._is_set and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, SLICE_SECONDS))
        return self._is_set
