"""Blocks as files of a directory."""

from base64 import b32encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from multiformats import CID

from derelay.baton.blocks import BLOCK_BYTES, RAW, CorruptBlock, MissingBlock, cid_of, verify
from derelay.baton.files import whole_file
from derelay.store.store import Store, StoreError


class DirectoryStore(Store):
    """One file a block, named by its content identifier, for its owner's eyes only.

    Files are spread over directories by the two characters before the last, as Kubo does (the last holds few
    bits). Any number of processes may share the directory.

    Parameters
    ----------
    path : Path
        The directory; made if it is missing.

    Raises
    ------
    StoreError
        If it cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._failing("made"):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)

    def put(self, block: bytes, codec: str = RAW) -> CID:
        """See `Store.put`."""
        if len(block) > BLOCK_BYTES:
            raise StoreError(f"a block of {len(block)} bytes is larger than {BLOCK_BYTES}; cut it")
        cid = cid_of(block, codec)
        file = self._file(cid)
        with self._failing("written"):
            if not file.exists():
                file.parent.mkdir(mode=0o700, exist_ok=True)
                with whole_file(file) as part:
                    part.write(block)
        return cid

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
            return sum(file.stat().st_size for file in self._path.glob("??/b*"))

    def _file(self, cid: CID) -> Path:
        # the identifier in base 32, whatever base it came in; the standard library's is the fast one
        name = "b" + b32encode(bytes(cid)).decode().lower().rstrip("=")
        return self._path / name[-3:-1] / name

    @contextmanager
    def _failing(self, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StoreError(
                f"store {self._path} cannot be {what}: {error.strerror}; make room, or name another"
            ) from error
