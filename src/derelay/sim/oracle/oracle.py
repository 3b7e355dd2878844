"""The numbers of one task's oracle: fitted to real runs, and read from a file."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from importlib.resources import files
from pathlib import Path
from typing import Any

TASKS = ("digits", "text")
"""Tasks that an oracle was fitted to."""


class OracleError(ValueError):
    """An oracle that cannot be used; the message says which, why and what to do."""


@dataclass(frozen=True)
class Curve:
    """``scale * left ** power``, in nats, ``left`` being the nats left to learn."""

    scale: float
    power: float

    def at(self, left: float) -> float:
        """Return the value for a head with ``left`` nats to learn."""
        return self.scale * left**self.power if left > 0 else 0.0


@dataclass(frozen=True)
class Oracle:
    """What training and scoring come to, in nats per case; a leg is one honest leg at full step.

    Moving by x along the direction that all legs share, and by a along a direction of one's own, gains
    ``common * x - bend * x**2 + merit * m * a - drift * a**2``, with m a standard normal number of that leg.

    Attributes
    ----------
    start, beyond
        Nats that genesis leaves to learn, and those of them that relays of twelve had not learned when their
        gains ran out: where the curves are counted from, and nobody need get to.
    common, bend
        What the shared direction gains at first, and how it bends away.
    merit, drift
        What one's own direction gains or loses by luck (a standard deviation), and costs for certain.
    differ
        Standard deviation of a tester's gain from the mean of all testers', its data being other ones, for a
        move as long as a leg.
    spread
        Standard error that a tester reports of such a move, in the median.
    tester_log, case_log
        Standard deviations of the logarithm of both: of a tester's own factor, which depends on how many
        cases it has, and, of errors alone, of each measurement's.
    length_log
        Standard deviation of the logarithm of a whole leg's length; once more as much for each factor of ten
        by which a leg has fewer steps.
    shared
        Share of a leg's squared length, as testers feel it, that is shared with all legs.
    reach_effort, aside_effort
        A leg of a share f of the steps goes as far as ``1 - exp(-f / effort)``, relative to f = 1: along the
        shared direction, and along its own.
    noise, toll
        How far noise of one standard deviation of each tensor goes along a direction of its own, and what it
        costs there.
    poison
        A leg on wrong labels does what noise of so many standard deviations does.
    """

    start: float
    beyond: float
    common: Curve
    bend: Curve
    merit: Curve
    drift: Curve
    differ: Curve
    spread: Curve
    tester_log: float
    case_log: float
    length_log: float
    shared: float
    reach_effort: float
    aside_effort: float
    noise: Curve
    toll: Curve
    poison: Curve

    @property
    def learnable(self) -> float:
        """Nats that a relay learns."""
        return self.start - self.beyond

    @classmethod
    def of(cls, task: str) -> Oracle:
        """Return the oracle of a demo task, or of a file that `benchmarks/oracle.py` wrote.

        Raises
        ------
        OracleError
            If there is none, or the file holds something else.
        """
        if task in TASKS:
            text = files(__package__).joinpath(f"{task}.json").read_text(encoding="utf-8")
        elif (path := Path(task)).is_file():
            text = path.read_text(encoding="utf-8")
        else:
            raise OracleError(
                f"no oracle {task!r}: take {' or '.join(TASKS)}, or a file of benchmarks/oracle.py"
            )
        try:
            return cls.from_dict(json.loads(text)["oracle"])
        except (KeyError, TypeError, ValueError) as error:
            raise OracleError(
                f"{task} holds no oracle ({error}): write it with benchmarks/oracle.py"
            ) from error

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Oracle:
        """Read the fields; a curve is a pair of numbers."""
        wanted = {field.name for field in fields(cls)}
        if set(values) != wanted:
            raise ValueError(f"fields {sorted(set(values) ^ wanted)} are missing or unknown")
        read: dict[str, Any] = {n: Curve(*v) if isinstance(v, list) else float(v) for n, v in values.items()}
        return cls(**read)

    def to_dict(self) -> dict[str, Any]:
        """Return what `from_dict` reads."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {n: [v.scale, v.power] if isinstance(v, Curve) else v for n, v in values.items()}
