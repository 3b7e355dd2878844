"""The directory that findings are written to."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from derelay.sim.folder import claim, replacing
from derelay.sim.game.findings import Findings
from derelay.sim.game.rows import TABLES, Row, document

DOCUMENT = "games.json"


class GameFolder:
    """A directory for findings; made if it is missing.

    Raises
    ------
    FolderError
        If it holds anything but earlier findings, or cannot be written to.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._earlier = _files(path)
        claim(path, DOCUMENT, self._earlier, "earlier games")

    def write(self, findings: Findings) -> None:
        """Put tables and figures in place of earlier ones, which stay until all of these are on disk."""
        from derelay.sim.game.figures import draw

        with replacing(self.path) as work:
            for table, rows in TABLES.items():
                if found := list(rows(findings)):
                    _write_csv(found, work / f"{table}.csv")
            draw(findings, work)
            files = sorted({DOCUMENT, *(file.name for file in work.iterdir())})
            text = json.dumps(document(findings) | {"files": files}, indent=1)
            (work / DOCUMENT).write_text(text + "\n", encoding="utf-8")
        for name in self._earlier.difference(files):
            (self.path / name).unlink(missing_ok=True)


def _files(path: Path) -> set[str]:
    """Return the names of the files that earlier findings consist of, as they say themselves."""
    try:
        return {str(name) for name in json.loads((path / DOCUMENT).read_text(encoding="utf-8"))["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _write_csv(rows: list[Row], path: Path) -> None:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
