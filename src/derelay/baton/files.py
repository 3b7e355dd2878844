"""Writing a file whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

PART = ".part"
"""How the name of a file ends that is not whole yet."""


@contextmanager
def whole_file(path: Path, durable: bool = False) -> Iterator[IO[bytes]]:
    """Open a new file beside `path`, readable by its owner only, that takes its place at the end.

    If the block raises, or the process dies in it, whatever stood at `path` still stands there.

    Parameters
    ----------
    path : Path
        Where the file will stand.
    durable : bool
        Whether it stands there after a loss of power, too: it is on the disk before this returns.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    with NamedTemporaryFile(dir=path.parent, prefix=".", suffix=PART, delete=False) as file:
        try:
            yield file
            if durable:
                file.flush()
                os.fsync(file.fileno())
            file.close()  # Windows replaces no open file
            os.replace(file.name, path)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(file.name)
            raise
    if durable:
        sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Bring to the disk which files a folder holds; on Windows that is not ours to do."""
    if os.name != "posix":
        return
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
