"""A directory for results: no other files are touched, and earlier results stay until new ones are whole."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile


class FolderError(Exception):
    """Results cannot be written where they should be; the message says which place, why and what to do."""


def claim(path: Path, mark: str, ours: Collection[str], what: str) -> None:
    """Make a directory if it is missing, and see that results can be written there, before any work.

    Parameters
    ----------
    mark
        The file by which earlier results are known.
    ours
        The names of all files that these consist of.
    what
        What they are called.

    Raises
    ------
    FolderError
        If it holds anything but earlier results, or cannot be written to.
    """
    if path.exists() and not path.is_dir():
        raise FolderError(f"{path} is a file: name a directory")
    present = {each.name for each in path.iterdir()} if path.is_dir() else set()
    if present and not (mark in present and present <= set(ours)):
        raise FolderError(f"{path} holds other things than {what}: name a new or an empty directory")
    try:
        path.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise FolderError(f"{path} cannot be written ({error.strerror}): name another directory") from error


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a directory to write to; in the end its files take the places of earlier ones."""
    with TemporaryDirectory(dir=path) as name:
        work = Path(name)
        yield work
        for file in work.iterdir():
            file.replace(path / file.name)
