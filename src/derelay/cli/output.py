"""Where `--json` goes."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryFile

from derelay.cli.errors import BadInput
from derelay.local.report.folder import is_result, to_text
from derelay.local.result import Result


class JsonOutput:
    """A file, or the screen for ``-``; checked before the work, written after it.

    Parameters
    ----------
    report
        The directory of the report, if there is one: the head's file is named from there.

    Raises
    ------
    BadInput
        If the file cannot be written, or holds anything but an earlier run's result.
    """

    def __init__(self, path: Path, report: Path | None) -> None:
        self.is_screen = str(path) == "-"
        self._path = path
        self._report = report
        if self.is_screen:
            return
        self._refuse_others()
        if path.parent.exists() and not path.parent.is_dir():
            raise BadInput(f"--json {path}: {path.parent} is no directory: name another file")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("ab") if path.exists() else TemporaryFile(dir=path.parent):
                pass
        except OSError as error:
            raise BadInput(
                f"--json {path} cannot be written ({error.strerror}): name another file"
            ) from error

    def write(self, result: Result) -> None:
        """Write ``result``, its head's file named as seen from here."""
        if self._report is not None and result.head.file is not None:
            file = str(self._report / result.head.file)
            result = replace(result, head=replace(result.head, file=file))
        if self.is_screen:
            sys.stdout.write(to_text(result))
            return
        self._refuse_others()  # it may have come while the relay ran
        self._path.write_text(to_text(result), encoding="utf-8")

    def _refuse_others(self) -> None:
        path = self._path
        if path.exists() and not (path.is_file() and is_result(path)):
            raise BadInput(f"--json {path} is there already and no earlier result: name another file")
