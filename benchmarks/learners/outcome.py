"""What a method made of the data."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise


@dataclass(frozen=True)
class Outcome:
    """One method, one seed.

    Attributes
    ----------
    accuracy
        Of the last model, on the public test cases, in [0, 1].
    worst_drop
        Most accuracy that was lost from one model handed on to the next.
    steps
        Gradient steps of all trainers, rejected legs included.
    lineage_steps
        Gradient steps behind the last model, one after the other.
    bytes_per_holder
        Bytes of models that a holder received, on average.
    seconds
        From the first step to the last, without measuring accuracy.
    overhead_s_per_leg
        Seconds besides training and scoring that a participant spends on a round in which it trains; None
        where nothing is handed over, or it was not measured.
    curve
        Steps of all trainers so far, and accuracy, at each model handed on.
    """

    accuracy: float
    worst_drop: float
    steps: int
    lineage_steps: int
    bytes_per_holder: float
    seconds: float
    overhead_s_per_leg: float | None = None
    curve: list[tuple[int, float]] = field(default_factory=list)


def worst_drop(curve: list[tuple[int, float]]) -> float:
    """Return the most accuracy that was lost from one point of a curve to the next, 0 if none was."""
    accuracies = [accuracy for _, accuracy in curve]
    return max(0.0, *(before - after for before, after in pairwise([0.0, *accuracies])))
