"""The directory that a played relay is written to."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

from derelay.sim.relay.outcome import Outcome
from derelay.sim.relay.summary import summary
from derelay.sim.relay.tables import write_agents, write_rounds

SUMMARY = "relay.json"
TABLES = {"agents.csv": write_agents, "rounds.csv": write_rounds}
FIGURES = ("quality", "verdicts", "coins", "utility")


class FolderError(Exception):
    """A relay cannot be written where it should be; the message says which place, why and what to do."""


class RelayFolder:
    """A directory for a played relay; made if it is missing.

    Raises
    ------
    FolderError
        If it holds anything but an earlier one, or cannot be written to.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if path.exists() and not path.is_dir():
            raise FolderError(f"{path} is a file: name a directory")
        ours = {SUMMARY, *TABLES, *(f"{name}.{kind}" for name in FIGURES for kind in ("png", "pdf"))}
        present = {each.name for each in path.iterdir()} if path.is_dir() else set()
        if present and not (SUMMARY in present and present <= ours):
            raise FolderError(
                f"{path} holds other things than an earlier relay: name a new or an empty directory"
            )
        try:
            path.mkdir(parents=True, exist_ok=True)
            with TemporaryFile(dir=path):
                pass
        except OSError as error:
            raise FolderError(
                f"{path} cannot be written ({error.strerror}): name another directory"
            ) from error

    def write(self, outcome: Outcome, words: str) -> None:
        """Put a relay in place of an earlier one, which stays until all of this one is on disk.

        Parameters
        ----------
        words
            Which relay it is, for the foot of each figure.
        """
        from derelay.sim.paper.figures.canvas import save
        from derelay.sim.relay.figures import FIGURES as DRAWN

        with TemporaryDirectory(dir=self.path) as name:
            work = Path(name)
            for table, write in TABLES.items():
                write(outcome, work / table)
            for figure, draw in DRAWN.items():
                save(draw(outcome, words), work, figure)
            text = json.dumps(summary(outcome), indent=1)
            (work / SUMMARY).write_text(text + "\n", encoding="utf-8")
            for file in work.iterdir():
                file.replace(self.path / file.name)
