"""Which learning rate suits a method: some are tried, none twice."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path


def climbed(rates: Sequence[float], accuracy_at: Callable[[float], float]) -> dict[float, float]:
    """Try the middle rate and go up for as long as it gets better, else down; return what was tried."""
    ordered = sorted(rates)
    middle = len(ordered) // 2
    tried = {ordered[middle]: accuracy_at(ordered[middle])}
    for way in (ordered[middle + 1 :], ordered[:middle][::-1]):
        for rate in way:
            best = max(tried.values())
            tried[rate] = accuracy_at(rate)
            if tried[rate] <= best:
                break
        if best_of(tried) != ordered[middle]:
            break
    return tried


def best_of(tried: dict[float, float]) -> float:
    """Return the rate that did best, the lower one of two that did equally."""
    return min(tried, key=lambda rate: (-tried[rate], rate))


class Trials:
    """Accuracies of trials, one JSON line each in a file if there is one: what is in it is not run again."""

    def __init__(self, file: Path | None) -> None:
        lines = file.read_text().splitlines() if file and file.exists() else []
        self._file = file
        self._known = {tuple(trial): accuracy for *trial, accuracy in map(json.loads, lines)}

    def accuracy(self, trial: Sequence[str | float], run: Callable[[], float]) -> float:
        """Return how a trial went; ``run`` it if that is not known.

        Parameters
        ----------
        trial
            All that the result depends on.
        """
        if tuple(trial) not in self._known:
            self._known[tuple(trial)] = run()
            if self._file:
                with self._file.open("a") as lines:
                    lines.write(json.dumps([*trial, self._known[tuple(trial)]]) + "\n")
        return self._known[tuple(trial)]
