"""The directory that a run is written to: tables, figures, and its summary."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

from derelay.sim.paper.result import Run
from derelay.sim.paper.summary import summary
from derelay.sim.paper.tables import write_coins, write_rounds, write_versions

SUMMARY = "summary.json"
TABLES = {"coins.csv": write_coins, "rounds.csv": write_rounds, "versions.csv": write_versions}
FIGURES = ("versions.png", "versions.pdf", "coins.png", "coins.pdf", "supply.png", "supply.pdf")


class FolderError(Exception):
    """A run cannot be written where it should be; the message says which place, why and what to do."""


class RunFolder:
    """A directory for a run; made if it is missing.

    Raises
    ------
    FolderError
        If it holds anything but an earlier run, or cannot be written to.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if path.exists() and not path.is_dir():
            raise FolderError(f"{path} is a file: name a directory")
        present = {each.name for each in path.iterdir()} if path.is_dir() else set()
        if present and not (SUMMARY in present and present <= {SUMMARY, *TABLES, *FIGURES}):
            raise FolderError(
                f"{path} holds other things than an earlier run: name a new or an empty directory"
            )
        try:
            path.mkdir(parents=True, exist_ok=True)
            with TemporaryFile(dir=path):
                pass
        except OSError as error:
            raise FolderError(
                f"{path} cannot be written ({error.strerror}): name another directory"
            ) from error

    def write(self, run: Run) -> None:
        """Put a run in place of an earlier one, which stays until all of this one is on disk."""
        from derelay.sim.paper.figures import coins_figure, supply_figure, versions_figure
        from derelay.sim.paper.figures.canvas import save

        with TemporaryDirectory(dir=self.path) as name:
            work = Path(name)
            for table, write in TABLES.items():
                write(run, work / table)
            save(versions_figure(run), work, "versions")
            save(coins_figure(run), work, "coins")
            save(supply_figure(run), work, "supply")
            (work / SUMMARY).write_text(json.dumps(summary(run), indent=1) + "\n", encoding="utf-8")
            for file in work.iterdir():
                file.replace(self.path / file.name)
