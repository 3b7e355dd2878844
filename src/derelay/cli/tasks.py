"""`derelay tasks`: what can be learned here."""

from __future__ import annotations

import inspect
import json as json_text
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text


def tasks(json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False) -> None:
    """List the installed tasks.

    A package adds one by an entry point in the group `derelay.tasks`; a Python file needs none:
    give it to `derelay demo --task FILE.py`.
    """
    from derelay.learn import installed_tasks

    rows = [_row(name) for name in installed_tasks()]
    if json:
        print(json_text.dumps(rows, indent=1))
        return
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("task", "what it learns", "steps of a leg", "rounds of a demo"):
        table.add_column(heading)
    for row in rows:
        table.add_row(*(Text("" if value is None else str(value)) for value in row.values()))
    Console(highlight=False).print(table)


def _row(name: str) -> dict[str, Any]:
    """Return what is known of a task; of one that cannot be used, why."""
    from derelay.learn import TaskError, load_task

    try:
        task = load_task(name)
    except TaskError as error:
        return {"name": name, "description": str(error), "steps": None, "rounds": None}
    words = inspect.getdoc(type(task)) or ""
    return {
        "name": name,
        "description": words.partition("\n")[0],
        "steps": task.steps,
        "rounds": task.rounds,
    }
