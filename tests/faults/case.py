"""A case of the campaign: what is done to a relay, what must hold, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

Tell = Callable[[str], None]
"""Told what happens just now, for whoever watches."""


class BrokenError(Exception):
    """What must hold does not, so that the case cannot go on; the message says what."""


@dataclass(frozen=True)
class Outcome:
    """What came of a case.

    Attributes
    ----------
    runs
        How often the thing was done: faults injected, inputs tried.
    broken
        What did not hold, in words: one text for each run that it is true of. Empty if all held.
    went_on
        Seconds from a fault to the next step of training (an entry, a child, a score, a vote, a head); the
        longest. None where there is nothing to go on with.
    figures
        What was measured, by name.
    """

    runs: int
    broken: tuple[str, ...] = ()
    went_on: float | None = None
    figures: Mapping[str, float | int | str] = field(default_factory=dict)

    @property
    def held(self) -> int:
        """In how many runs all held."""
        return max(0, self.runs - len(self.broken))

    def with_figures(self, more: Mapping[str, float | int | str]) -> Outcome:
        """Return the same with more figures, or others of the same names."""
        return replace(self, figures={**self.figures, **more})


@dataclass(frozen=True)
class Case:
    """One thing that may happen to a relay.

    Attributes
    ----------
    name
        By which it is asked for.
    of
        Number of the family that it belongs to; the table is in this order.
    does, must_hold
        In words.
    run
        Does it in an empty folder, with fixed seeds.
    """

    name: str
    of: int
    does: str
    must_hold: str
    run: Callable[[Path, Tell], Outcome]


@dataclass(frozen=True)
class Done:
    """A case that was run, and the seconds that it took."""

    case: Case
    outcome: Outcome
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "case": self.case.name,
            "of": self.case.of,
            "does": self.case.does,
            "must_hold": self.case.must_hold,
            "runs": self.outcome.runs,
            "held": self.outcome.held,
            "broken": list(self.outcome.broken),
            "went_on": self.outcome.went_on,
            "figures": dict(self.outcome.figures),
            "seconds": round(self.seconds, 1),
        }
