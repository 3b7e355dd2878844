"""How commands answer: lines or a table for people, JSON for programs."""

from __future__ import annotations

import json as json_text
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text


def answer(values: Mapping[str, Any], lines: Iterable[tuple[str, str]], *, json: bool) -> None:
    """Print one thing: ``values`` as JSON, or ``lines``, each of a name and what is said of it."""
    if json:
        print(json_text.dumps(values, indent=1))
        return
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, said in lines:
        table.add_row(Text(name), Text(said))
    _console().print(table)


def answer_all(
    rows: Sequence[Mapping[str, Any]], headings: Sequence[str], cells: Iterable[Sequence[str]], *, json: bool
) -> None:
    """Print several things: ``rows`` as a JSON list, or a table of ``cells``."""
    if json:
        print(json_text.dumps(rows, indent=1))
        return
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in cells:
        table.add_row(*map(Text, row))
    _console().print(table)


def _console() -> Console:
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=200)
