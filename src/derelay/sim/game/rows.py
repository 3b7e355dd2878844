"""Findings as tables: rows of plain values, for CSV and JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

import numpy as np

from derelay.sim.game.coalition import LEARNS
from derelay.sim.game.dynamics import Flow
from derelay.sim.game.findings import Finding, Findings
from derelay.sim.game.game import QUANTITIES
from derelay.sim.game.interval import Interval, interval

Row = dict[str, Any]


def deviations(findings: Findings) -> Iterator[Row]:
    """Yield a row for each strategy, relay and economy: one deviates."""
    yield from map(_effect, findings.deviations)


def coalitions(findings: Findings) -> Iterator[Row]:
    """Yield a row for each strategy, share, relay and economy."""
    yield from map(_effect, findings.coalitions)


def held(findings: Findings) -> Iterator[Row]:
    """Yield a row for each strategy, relay and economy: the largest coalition that is held off."""
    for (changes, economy, agents, strategy), each in findings.held.items():
        names = {"parameters": str(changes), "economy": economy, "agents": agents, "strategy": strategy}
        yield names | {
            "held_off": each.off,
            "pays_from": each.pays,
            f"learns_less_than_{LEARNS}_from": each.stops,
        }


def dynamics(findings: Findings) -> Iterator[Row]:
    """Yield a row for each mix."""
    for flow in findings.flows:
        yield from _mixes(flow)


def regions(findings: Findings) -> Iterator[Row]:
    """Yield a row for each cell of each region."""
    for region, cells in findings.regions:
        for cell in cells:
            row: Row = {"pair": f"{region.across[0]}:{region.up[0]}", "parameters": str(cell.changes)}
            row |= dict(zip(("x", "y"), (value for _, value in cell.changes.values), strict=True))
            row |= _ends("joining", cell.joining) | _ends("leaving", cell.leaving)
            yield row | {"strategy": cell.strategy}


TABLES: dict[str, Callable[[Findings], Iterator[Row]]] = {
    "deviations": deviations,
    "coalitions": coalitions,
    "held": held,
    "dynamics": dynamics,
    "regions": regions,
}
"""All tables by name; those of studies that were not made are empty."""


def document(findings: Findings) -> Row:
    """Return everything as plain values, ready for JSON."""
    plan = findings.plan
    head: Row = {
        "plan": {
            **{name: value for name, value in asdict(plan).items() if name != "sets"},
            "sets": [dict(changes.values) for changes in plan.sets],
            "economies": {name: asdict(each) for name, each in plan.economies(plan.sets[0]).items()},
        },
        "games": findings.games,
        "seconds": findings.seconds,
    }
    flows = [
        {
            "strategies": flow.mixes.strategies,
            "takes_over_from_share": flow.from_share(),
            "invaded": flow.invaded(),
        }
        for flow in findings.flows
    ]
    return head | {"takes_over": flows} | {name: list(table(findings)) for name, table in TABLES.items()}


def _effect(finding: Finding) -> Row:
    effect, deviation = finding.effect, finding.deviation
    row: Row = {
        "parameters": str(finding.changes),
        "economy": finding.economy,
        "agents": deviation.agents,
        "strategy": deviation.strategy,
        "members": deviation.members,
        "share": deviation.share,
        "rounds": deviation.rounds,
        "seeds": len(deviation.seeds),
        "pays": finding.answer,
    }
    row |= _ends("gain", finding.gain)
    for name in ("utility", "honest", "change", "learned", "learned_change"):
        row |= _ends(name, interval(getattr(effect, name)))
    means = effect.parts.mean(axis=0)
    return row | {f"gain_{part}": float(mean) for part, mean in zip(QUANTITIES, means, strict=True)}


def _mixes(flow: Flow) -> Iterator[Row]:
    ends = flow.takes_over()
    for mix, counts in enumerate(flow.counts.tolist()):
        row: Row = {"strategies": "+".join(flow.mixes.strategies)}
        for place, (kind, count) in enumerate(zip(flow.mixes.strategies, counts, strict=True)):
            payoffs = flow.payoffs[mix, :, place]
            earned = {} if np.isnan(payoffs).any() else _ends(f"payoff_{place}", interval(payoffs))
            blank = dict.fromkeys((f"payoff_{place}", f"payoff_{place}_low", f"payoff_{place}_high"))
            row |= {f"strategy_{place}": kind, f"count_{place}": count} | blank | earned
        yield row | {"honest_takes_over": float(ends[mix])}


def _ends(name: str, each: Interval) -> Row:
    return {name: each.mean, f"{name}_low": each.low, f"{name}_high": each.high}
