"""The table of who was granted which key."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from derelay.local.result import Grant, Participant, Result


@dataclass(frozen=True)
class Cell:
    """What one participant was granted of a version: the head, and how many children that stood for it."""

    head: bool
    children: int
    note: str


@dataclass(frozen=True)
class Row:
    """One participant's keys, version by version."""

    person: Participant
    cells: tuple[Cell, ...]
    heads: int
    children: int


def key_rows(result: Result) -> list[Row]:
    """Return one row for each participant, with one cell for each version from genesis on."""
    versions = range(max(head.version for head in result.heads) + 1)
    granted: dict[tuple[str, int], list[Grant]] = {}
    for grant in result.grants:
        granted.setdefault((grant.reader, grant.version), []).append(grant)
    rows = []
    for person in result.participants:
        cells = tuple(_cell(granted.get((person.name, version), [])) for version in versions)
        rows.append(
            Row(person, cells, sum(cell.head for cell in cells), sum(cell.children for cell in cells))
        )
    return rows


def _cell(grants: list[Grant]) -> Cell:
    heads = [f"head in round {grant.round}, from {grant.granter}" for grant in grants if grant.kind == "head"]
    children = Counter(grant.granter for grant in grants if grant.kind == "child")
    notes = heads + [f"child of {name}" for name in children]
    return Cell(bool(heads), children.total(), "; ".join(notes))
