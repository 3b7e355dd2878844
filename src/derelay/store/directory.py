"""Blocks as files of a directory."""

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from multiformats import CID

from derelay.baton.blocks import (
    BLOCK_BYTES,
    RAW,
    CorruptBlock,
    MissingBlock,
    cid_of,
    cid_text,
    parse_cid,
    verify,
)
from derelay.baton.files import PART, sync_folder
from derelay.store.block_file import write_whole
from derelay.store.store import Store, StoreError

MOST_KNOWN = 1 << 17
"""Files of which it is remembered that they were seen to be sound: those of 128 GiB."""

PART_AGE = 3600.0
"""Seconds after which half a block was left behind by a process that died."""


class DirectoryStore(Store):
    """One file a block, named by its content identifier, for its owner's eyes only.

    Files are spread over directories by the character before the last (the last holds few bits): over 32, as
    making a directory costs more than a block. Any number of processes may share the directory.

    Parameters
    ----------
    path : Path
        The directory; made if it is missing.
    durable : bool
        Whether a block of one's own outlives a loss of power as soon as it was put. What else is lost is
        seen to be damaged, and can be fetched again; what one made oneself nobody else has.

    Raises
    ------
    StoreError
        If it cannot be made.
    """

    def __init__(self, path: Path, durable: bool = False) -> None:
        self._path, self._durable = path, durable
        self._sound: OrderedDict[str, tuple[int, int, int]] = OrderedDict()
        self._lock = threading.Lock()
        with self._failing("made"):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._failing("swept"):
            self._delete_older(path.glob(f"?/.*{PART}"), PART_AGE)

    def put(self, block: bytes, codec: str = RAW) -> CID:
        """See `Store.put`."""
        cid = cid_of(block, codec)
        self._keep(cid, block, self._durable)
        return cid

    def keep(self, cid: CID, block: bytes | memoryview) -> None:
        """See `Store.keep`."""
        self._keep(cid, block, durable=False)

    def get(self, cid: CID) -> bytes:
        """See `Store.get`."""
        with self._failing("read"):
            try:
                with open(self._file(cid), "rb") as file:
                    block = file.read(BLOCK_BYTES + 1)
            except FileNotFoundError as error:
                raise MissingBlock(f"block {cid} is not in {self._path}; fetch it") from error
        try:
            verify(cid, block)
        except CorruptBlock:
            self.delete(cid)
            raise
        return block

    def open(self, cid: CID) -> BinaryIO:
        """See `Store.open`. A file is hashed once, and again when it was changed."""
        path = self._file(cid)
        with self._failing("read"):
            try:
                file = open(path, "rb", buffering=0)  # noqa: SIM115 - it is the caller's
            except FileNotFoundError as error:
                raise MissingBlock(f"block {cid} is not in {self._path}; fetch it") from error
        identity = _identity(os.fstat(file.fileno()))
        if self._sound.get(path.name) != identity:
            try:
                verify(cid, file.read(BLOCK_BYTES + 1))
            except CorruptBlock:
                file.close()
                self.delete(cid)
                raise
            file.seek(0)
            self._note_sound(path.name, identity)
        return file

    def has(self, cid: CID) -> bool:
        """See `Store.has`."""
        with self._failing("read"):
            return self._file(cid).exists()

    def delete(self, cid: CID) -> None:
        """See `Store.delete`."""
        with self._failing("deleted from"):
            self._file(cid).unlink(missing_ok=True)

    def size(self) -> int:
        """See `Store.size`."""
        with self._failing("read"):
            return sum(file.stat().st_size for file in self._files())

    def sweep(self, keep: Collection[CID], age: float) -> int:
        """See `Store.sweep`."""
        kept = {self._file(cid) for cid in keep}
        with self._failing("swept"):
            return self._delete_older((file for file in self._files() if file not in kept), age)

    def listing(self) -> Iterator[tuple[CID, int, float]]:
        """Yield the blocks here: identifier, bytes, and when it was put (seconds since 1970)."""
        with self._failing("read"):
            for file in self._files():
                with suppress(FileNotFoundError):
                    status = file.stat()
                    yield parse_cid(file.name), status.st_size, status.st_mtime

    def _files(self) -> Iterator[Path]:
        return self._path.glob("?/baf?rei" + 52 * "?")  # raw and dag-cbor blocks by their sha2-256

    def _keep(self, cid: CID, block: bytes | memoryview, durable: bool) -> None:
        if len(block) > BLOCK_BYTES:
            raise StoreError(f"a block of {len(block)} bytes is larger than {BLOCK_BYTES}; cut it")
        path = self._file(cid)
        with self._failing("written"):
            sound = True
            try:
                sound = self._sound.get(path.name) == _identity(path.stat())
                path.touch()
            except FileNotFoundError:
                self._write(path, block, durable)
            if sound:
                self._note_sound(path.name, _identity(path.stat()))

    def _write(self, path: Path, block: bytes | memoryview, durable: bool) -> None:
        if not path.parent.exists():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            if durable:
                sync_folder(self._path)
        write_whole(path, block, durable)

    def _note_sound(self, name: str, identity: tuple[int, int, int]) -> None:
        with self._lock:
            self._sound[name] = identity
            self._sound.move_to_end(name)
            if len(self._sound) > MOST_KNOWN:
                self._sound.popitem(last=False)

    def _file(self, cid: CID) -> Path:
        name = cid_text(cid)
        return self._path / name[-2] / name

    @staticmethod
    def _delete_older(files: Iterable[Path], age: float) -> int:
        """Delete those last written so many seconds ago or earlier; return how many bytes that freed."""
        freed = 0
        before = time.time() - age
        for file in files:
            with suppress(FileNotFoundError):  # another process was faster
                status = file.stat()
                if status.st_mtime <= before:
                    file.unlink()
                    freed += status.st_size
        return freed

    @contextmanager
    def _failing(self, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StoreError(
                f"store {self._path} cannot be {what}: {error.strerror}; make room, or name another"
            ) from error


def _identity(status: os.stat_result) -> tuple[int, int, int]:
    """Tell a file from what it was before somebody wrote to it or replaced it."""
    return status.st_ino, status.st_mtime_ns, status.st_size
