"""The directory that a report lies in: index.html, result.json and heads/*.safetensors."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from tempfile import TemporaryFile

from derelay.local.result import Result

PAGE = "index.html"
DATA = "result.json"
HEADS = "heads"


class ReportError(Exception):
    """A report cannot be written or read; the message says which, why and what to do."""


class ReportFolder:
    """A directory that holds a report, or may.

    Raises
    ------
    ReportError
        If it holds anything but an earlier report. Nothing is written before `prepare`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if path.exists() and not path.is_dir():
            raise ReportError(f"report {path} is a file: name a directory")
        if path.is_dir() and any(path.iterdir()) and not is_result(path / DATA):
            raise ReportError(
                f"report {path} holds other things than a report: name a new or an empty directory"
            )

    def prepare(self) -> None:
        """Create the directory, so that a place that cannot be written to is known before the work.

        Raises
        ------
        ReportError
            If it cannot be written to.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with TemporaryFile(dir=self.path):
                pass
        except OSError as error:
            raise ReportError(
                f"report {self.path} cannot be written ({error.strerror}): name another directory"
            ) from error

    def write(self, result: Result, heads: Path) -> None:
        """Put a report in place of an earlier one, with the files of ``heads`` moved into it."""
        from derelay.local.report.page import page  # brings matplotlib; reading a report does without

        html = page(result)
        shelf = self.path / HEADS
        if shelf.exists():
            shutil.rmtree(shelf)
        shutil.move(heads, shelf)
        (self.path / DATA).write_text(to_text(result), encoding="utf-8")
        (self.path / PAGE).write_text(html, encoding="utf-8")

    def read(self) -> Result:
        """Return the result that the report shows.

        Raises
        ------
        ReportError
            If there is none, or it is not sound.
        """
        try:
            return Result.from_json(json.loads((self.path / DATA).read_bytes()))
        except OSError as error:
            raise ReportError(
                f"{self.path} holds no report ({DATA}: {error.strerror}): "
                "write one with derelay demo --report DIR"
            ) from error
        except (ValueError, RecursionError) as error:
            raise ReportError(f"{self.path / DATA} is not sound: {error}; run derelay demo again") from error


def to_text(result: Result) -> str:
    """Return ``result`` as the text of a JSON file."""
    return json.dumps(result.to_json(), indent=1) + "\n"


def is_result(path: Path) -> bool:
    """Return whether ``path`` is a file that an earlier run wrote its result to."""
    try:
        values = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(values, dict) and "derelay" in values and "heads" in values
