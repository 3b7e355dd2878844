"""A played relay as tables: one row for each agent, one for each round."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from derelay.sim.relay.books import PARTS
from derelay.sim.relay.outcome import Outcome

COUNTS = (
    "entered",
    "admitted",
    "pass",
    "undecided",
    "fail",
    "missing",
    "void",
    "drawn",
    "tested",
    "voted",
    "slashed",
)
VERDICTS = ("pass", "undecided", "fail", "missing")


def write_agents(outcome: Outcome, path: Path) -> None:
    """Write everyone's utility by part, in prices of one version, and counts."""
    head = ("agent", "strategy", "utility", *PARTS, *COUNTS, "total_coins", "newest")
    rows = (
        (
            agent.index,
            agent.name,
            agent.total,
            *(agent.utility[part] for part in PARTS),
            *(agent.counts.get(count, 0) for count in COUNTS),
            agent.coins,
            agent.newest,
        )
        for agent in outcome.agents
    )
    _write(path, head, rows)


def write_rounds(outcome: Outcome, path: Path) -> None:
    """Write what became of each round."""
    plain = ("version", "quality", "gain", "candidate", "minted", "entered", "admitted", "children")
    head = ("round", *plain, *VERDICTS, "supply", "gini")
    rows = (
        (
            each.number,
            *(getattr(each, name) for name in plain),
            *(each.verdicts.get(verdict, 0) for verdict in VERDICTS),
            each.supply,
            each.gini,
        )
        for each in outcome.rounds
    )
    _write(path, head, rows)


def _write(path: Path, head: Iterable[str], rows: Iterable[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(head)
        table.writerows(rows)
