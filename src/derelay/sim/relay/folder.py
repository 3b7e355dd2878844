"""The directory that a played relay is written to."""

from __future__ import annotations

import json
from pathlib import Path

from derelay.sim.folder import claim, replacing
from derelay.sim.relay.outcome import Outcome
from derelay.sim.relay.summary import summary
from derelay.sim.relay.tables import write_agents, write_rounds

SUMMARY = "relay.json"
TABLES = {"agents.csv": write_agents, "rounds.csv": write_rounds}
FIGURES = ("quality", "verdicts", "coins", "utility")


class RelayFolder:
    """A directory for a played relay; made if it is missing.

    Raises
    ------
    FolderError
        If it holds anything but an earlier one, or cannot be written to.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        drawn = (f"{name}.{kind}" for name in FIGURES for kind in ("png", "pdf"))
        claim(path, SUMMARY, (SUMMARY, *TABLES, *drawn), "an earlier relay")

    def write(self, outcome: Outcome, words: str) -> None:
        """Put a relay in place of an earlier one, which stays until all of this one is on disk.

        Parameters
        ----------
        words
            Which relay it is, for the foot of each figure.
        """
        from derelay.sim.paper.figures.canvas import save
        from derelay.sim.relay.figures import FIGURES as DRAWN

        with replacing(self.path) as work:
            for table, write in TABLES.items():
                write(outcome, work / table)
            for figure, draw in DRAWN.items():
                save(draw(outcome, words), work, figure)
            text = json.dumps(summary(outcome), indent=1)
            (work / SUMMARY).write_text(text + "\n", encoding="utf-8")
