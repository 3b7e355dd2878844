"""What a run says, in the numbers that the paper speaks of."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from derelay.sim.paper.parameters import Parameters
from derelay.sim.paper.result import Run
from derelay.sim.paper.versions import LABELS

FIRST = 20
"""Rounds in which a model spreads; told one by one."""


def summary(run: Run) -> dict[str, Any]:
    """Return plain values, ready for JSON.

    ``holding_percent`` is for rounds 1, 2, …; ``steady`` is the mean of the last half of the rounds,
    beside what is expected of owners and trainers; ``ended`` is the round of which no child survived,
    after which nobody has a model to hand on.
    """
    table, participants = run.rounds, run.parameters.participants
    holding = 100 * (1 - table.holders[:, -1] / participants)
    everyone = np.flatnonzero(table.holders[:, -1] == 0)
    ended = np.flatnonzero(table.selected == 0)
    return {
        "parameters": asdict(run.parameters),
        "seconds": run.seconds,
        "holding_percent": holding[:FIRST].tolist(),
        "everyone_holds_from_round": int(everyone[0]) + 1 if len(everyone) else None,
        "ended": int(ended[0]) + 1 if len(ended) else None,
        "steady": _steady(run),
        "milestones": [_milestone(run, each, float(holding[each - 1])) for each in run.coins],
    }


def expected_owners(parameters: Parameters) -> float:
    """Return m* = s·q·(P/2) / (1 + s·q), where as many owners come as go, rounding aside."""
    survivors = parameters.survive * parameters.delivery
    return survivors * (parameters.participants / 2) / (1 + survivors)


def _steady(run: Run) -> dict[str, Any]:
    half = run.parameters.rounds // 2
    owners = float(run.rounds.selected[half:].mean())
    expected = expected_owners(run.parameters)
    shares = 100 * run.rounds.holders[half:].mean(axis=0) / run.parameters.participants
    return {
        "from_round": half + 1,
        "owners": owners,
        "owners_expected": expected,
        "trainers": run.parameters.participants / 2 - owners,
        "trainers_expected": run.parameters.participants / 2 - expected,
        "holders_percent": dict(zip(LABELS, shares.tolist(), strict=True)),
    }


def _milestone(run: Run, number: int, holding: float) -> dict[str, Any]:
    place = int(np.searchsorted(run.spread.rounds, number))
    least, _, median, _, most = run.spread.quantiles[place].tolist()
    return {
        "round": number,
        "holding_percent": holding,
        "supply": float(run.rounds.total[number - 1]),
        "genesis_owner": float(run.rounds.genesis[number - 1]),
        "least": least,
        "median": median,
        "most": most,
        "gini": float(run.spread.gini[place]),
    }
