"""What a local relay leaves behind: everything that a report, a notebook or another program wants to know.

Money in the native currency is in wei, coins in whole coins, gains and errors in nats per case, accuracies in
[0, 1], batons by the hexadecimal digits of their ids, participants by name.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from derelay.local.chronicle import Child, Grant, Head, LastHead, Round
from derelay.local.measures import Baseline, ChainUse, GasByCall, Seconds, Steps
from derelay.local.person import ROLES, Money, Participant
from derelay.rules.parameters import Parameters

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "ROLES",
    "Baseline",
    "ChainUse",
    "Child",
    "GasByCall",
    "Grant",
    "Head",
    "LastHead",
    "Money",
    "Participant",
    "Result",
    "ResultError",
    "Round",
    "Seconds",
    "Steps",
]


class ResultError(ValueError):
    """Something is not a run's result."""


@dataclass(frozen=True)
class Result:
    """A whole run. In a notebook it shows itself; `plot` draws it.

    Attributes
    ----------
    derelay, protocol
        Versions of the package and of the protocol.
    metric
        What `rounds` are best judged by: a key of their metrics.
    parameters
        Those of the relay.
    """

    derelay: str
    protocol: int
    task: str
    seed: int
    alpha: float
    metric: str
    parameters: Parameters
    participants: tuple[Participant, ...]
    rounds: tuple[Round, ...]
    head: LastHead
    baseline: Baseline
    steps: Steps
    chain: ChainUse
    seconds: Seconds
    heads: tuple[Head, ...]
    grants: tuple[Grant, ...]

    def to_json(self) -> dict[str, Any]:
        """Return this result as values that `json.dumps` takes."""
        values: dict[str, Any] = TypeAdapter(Result).dump_python(self, mode="json")
        return values

    @staticmethod
    def from_json(values: object) -> Result:
        """Return the result that `to_json` gave ``values`` for.

        Raises
        ------
        ResultError
            If something is missing or of another kind; the message says where.
        """
        try:
            return TypeAdapter(Result).validate_json(json.dumps(values), strict=True)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = ".".join(map(str, ("result", *first["loc"])))
            raise ResultError(f"{place}: {first['msg']}") from error

    @property
    def price(self) -> int:
        """Wei for one version of the weights: what money is shown in units of."""
        return self.parameters.price

    def people(self) -> list[dict[str, Any]]:
        """Return one flat row for each participant, as a table or a data frame wants them."""
        return [
            {
                "name": person.name,
                "strategy": person.strategy,
                "coins": person.net.coins,
                "native": person.net.native,
                **{role: person.income[role].native for role in ROLES},
                "passed": person.passed,
                "undecided": person.undecided,
                "failed": person.failed,
                "missing": person.missing,
                "steps": person.steps,
                "batons": person.batons,
                "alone": person.alone,
            }
            for person in self.participants
        ]

    def plot(self) -> Figure:
        """Return a figure: how good the head is after each round, against training alone and centrally."""
        from derelay.local.report.learning import learning_figure

        return learning_figure(self)

    def _repr_html_(self) -> str:
        from derelay.local.report.page import summary

        return summary(self)
