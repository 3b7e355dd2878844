"""Where the seconds of a run go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter


class Stopwatch:
    """Adds up seconds by label. What is measured within another label counts for the inner one alone."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._labels: list[str] = []
        self._since = perf_counter()

    @contextmanager
    def measure(self, label: str) -> Iterator[None]:
        """Count the time within for ``label``."""
        self._lap()
        self._labels.append(label)
        try:
            yield
        finally:
            self._lap()
            self._labels.pop()

    @property
    def label(self) -> str | None:
        """What is measured just now; may be asked by another thread."""
        last = self._labels[-1:]
        return last[0] if last else None

    def _lap(self) -> None:
        now = perf_counter()
        if self._labels:
            self.seconds[self._labels[-1]] += now - self._since
        self._since = now
