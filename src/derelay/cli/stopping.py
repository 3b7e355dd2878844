"""Ctrl-C and SIGTERM: once to stop when what is being done is done, twice to stop at once."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from derelay.node.stop import Stop

_ERRORS = 2
_SAID = b"\nstopping when this is done; Ctrl-C once more to stop at once\n"


@contextmanager
def stopped_by_signals() -> Iterator[Stop]:
    """Return what the first signal sets; the second raises `KeyboardInterrupt`."""
    stop = Stop()

    def handle(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        if os.isatty(_ERRORS):
            os.write(_ERRORS, _SAID)  # not by logging, in the midst of which this may come

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
