"""The file of one block: written past the page cache where the system has that."""

import errno
import os
import threading
from contextlib import suppress
from pathlib import Path

from derelay.baton.files import PART, sync_folder

SECTOR_BYTES = 4096
"""What goes past the page cache is a multiple of this."""

_DIRECT: int = getattr(os, "O_DIRECT", 0)
_BINARY: int = getattr(os, "O_BINARY", 0)


def write_whole(path: Path, block: bytes | memoryview, durable: bool) -> None:
    """Write a new file, readable by its owner only, whole or not at all.

    `derelay.baton.files.whole_file` does the same for files of any kind, in three times the time.

    Parameters
    ----------
    path : Path
        Where it will stand.
    block : bytes or memoryview
        What it will hold. In memory that begins at a page it goes past the page cache, which would cost more
        than hashing it.
    durable : bool
        Whether it stands there after a loss of power, too, before this returns.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    part = f"{path.parent}/.{path.name}.{os.getpid()}.{threading.get_ident()}{PART}"
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY, 0o600)
        try:
            _write_all(descriptor, memoryview(block))
            if durable:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.replace(part, path)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(part)
        raise
    if durable:
        sync_folder(path.parent)


def _write_all(descriptor: int, rest: memoryview) -> None:
    direct = _DIRECT and rest and len(rest) % SECTOR_BYTES == 0 and _set_direct(descriptor, True)
    while rest:
        try:
            rest = rest[os.write(descriptor, rest) :]
        except OSError as error:
            if not direct or error.errno != errno.EINVAL:
                raise
            direct = _set_direct(descriptor, False)  # this memory, or the rest of it, is not at a page


def _set_direct(descriptor: int, on: bool) -> bool:
    """Turn writing past the page cache on or off; return whether it is on: some file systems lack it."""
    import fcntl

    flags = fcntl.fcntl(descriptor, fcntl.F_GETFL)
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETFL, flags | _DIRECT if on else flags & ~_DIRECT)
    except OSError:
        return False
    return on
