"""A run as tables, in the layout in which the authors' own run is kept."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from derelay.sim.paper.result import Run
from derelay.sim.paper.versions import LABELS

VERSION_ROUNDS = 100
"""Rounds of the paper's version figure."""
CHUNK = 10_000
"""Participants written at a time: a million of them need not be in memory as text."""


def write_coins(run: Run, path: Path) -> None:
    """Write everyone's coins at the end of some rounds, one row for each participant."""
    _write(path, ("participant", *(f"round_{each}" for each in run.coins)), _coins(run))


def _coins(run: Run) -> Iterator[tuple[object, ...]]:
    for start in range(0, run.parameters.participants, CHUNK):
        columns = [coins[start : start + CHUNK].tolist() for coins in run.coins.values()]
        for who, amounts in enumerate(zip(*columns, strict=True), start):
            yield who, *amounts


def write_rounds(run: Run, path: Path) -> None:
    """Write one row for each round: children, coins, and how many hold which version."""
    table = run.rounds
    columns = {
        "trained_models": table.trained,
        "selected_models": table.selected,
        "latest_version": table.latest,
        "total_coins": table.total,
        "genesis_owner_coins": table.genesis,
        "min_coins": table.least,
        "max_coins": table.most,
    } | dict(zip(LABELS, table.holders.T, strict=True))
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    _write(path, ("round", *columns), ((number, *row) for number, row in enumerate(rows, 1)))


def write_versions(run: Run, path: Path) -> None:
    """Write how many hold which version, for the rounds of the paper's version figure."""
    rows = run.rounds.holders[:VERSION_ROUNDS].tolist()
    _write(path, ("round", *LABELS), ((number, *row) for number, row in enumerate(rows, 1)))


def _write(path: Path, head: Iterable[str], rows: Iterable[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(head)
        table.writerows(rows)
