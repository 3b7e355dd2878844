"""The directory that a run is written to: tables, figures, and its summary."""

from __future__ import annotations

import json
from pathlib import Path

from derelay.sim.folder import claim, replacing
from derelay.sim.paper.result import Run
from derelay.sim.paper.summary import summary
from derelay.sim.paper.tables import write_coins, write_rounds, write_versions

SUMMARY = "summary.json"
TABLES = {"coins.csv": write_coins, "rounds.csv": write_rounds, "versions.csv": write_versions}
FIGURES = ("versions.png", "versions.pdf", "coins.png", "coins.pdf", "supply.png", "supply.pdf")


class RunFolder:
    """A directory for a run; made if it is missing.

    Raises
    ------
    FolderError
        If it holds anything but an earlier run, or cannot be written to.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        claim(path, SUMMARY, (SUMMARY, *TABLES, *FIGURES), "an earlier run")

    def write(self, run: Run) -> None:
        """Put a run in place of an earlier one, which stays until all of this one is on disk."""
        from derelay.sim.paper.figures import coins_figure, supply_figure, versions_figure
        from derelay.sim.paper.figures.canvas import save

        with replacing(self.path) as work:
            for table, write in TABLES.items():
                write(run, work / table)
            save(versions_figure(run), work, "versions")
            save(coins_figure(run), work, "coins")
            save(supply_figure(run), work, "supply")
            (work / SUMMARY).write_text(json.dumps(summary(run), indent=1) + "\n", encoding="utf-8")
