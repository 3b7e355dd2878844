"""The directory that findings are written to."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

from derelay.sim.game.errors import GameError
from derelay.sim.game.findings import Findings
from derelay.sim.game.rows import TABLES, Row, document

DOCUMENT = "games.json"


class GameFolder:
    """A directory for findings; made if it is missing.

    Raises
    ------
    GameError
        If it holds anything but earlier findings, or cannot be written to.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if path.exists() and not path.is_dir():
            raise GameError(f"{path} is a file: name a directory")
        self._earlier = _files(path)
        present = {each.name for each in path.iterdir()} if path.is_dir() else set()
        if not present <= self._earlier:
            raise GameError(f"{path} holds other things than earlier games: name a new or an empty directory")
        try:
            path.mkdir(parents=True, exist_ok=True)
            with TemporaryFile(dir=path):
                pass
        except OSError as error:
            raise GameError(f"{path} cannot be written ({error.strerror}): name another directory") from error

    def write(self, findings: Findings) -> None:
        """Put tables and figures in place of earlier ones, which stay until all of these are on disk."""
        from derelay.sim.game.figures import draw

        with TemporaryDirectory(dir=self.path) as name:
            work = Path(name)
            for table, rows in TABLES.items():
                if found := list(rows(findings)):
                    _write_csv(found, work / f"{table}.csv")
            draw(findings, work)
            files = sorted({DOCUMENT, *(file.name for file in work.iterdir())})
            text = json.dumps(document(findings) | {"files": files}, indent=1)
            (work / DOCUMENT).write_text(text + "\n", encoding="utf-8")
            for file in work.iterdir():
                file.replace(self.path / file.name)
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
