"""Writing a file whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a new file beside `path`, readable by its owner only, that takes its place at the end.

    If the block raises, or the process dies in it, whatever stood at `path` still stands there.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    with NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".part", delete=False) as file:
        try:
            yield file
            file.close()  # Windows replaces no open file
            os.replace(file.name, path)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(file.name)
            raise
