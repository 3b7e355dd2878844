"""Ctrl-C and SIGTERM: once to stop when what is being done is done, twice to stop at once."""

from __future__ import annotations

import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType

log = logging.getLogger(__name__)


@contextmanager
def stopped_by_signals() -> Iterator[Event]:
    """Return an event that the first signal sets; the second raises `KeyboardInterrupt`."""
    stop = Event()

    def handle(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        log.info("stopping when this is done; once more to stop at once")

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
