"""A line to a holder: one block after the other, straight into memory that is there already."""

from typing import Protocol, runtime_checkable

from multiformats import CID

from derelay.baton.blocks import BLOCK_BYTES, Source


class Line(Protocol):
    """Brings blocks from one holder."""

    def read(self, cid: CID, into: memoryview) -> int:
        """Bring what the holder gives for a block, at most `BLOCK_BYTES` + 1 bytes; return how many came.

        Raises what `Source.get` does.
        """
        ...

    def cut(self) -> None:
        """Let what is under way over it fail, from any thread; nothing more is brought."""
        ...

    def close(self) -> None:
        """Leave nothing open; for who reads from it."""
        ...


@runtime_checkable
class Remote(Protocol):
    """A source that blocks can be had from over several lines at a time."""

    def line(self) -> Line:
        """Return a new line."""
        ...


def line_to(source: Source) -> Line:
    """Return a new line to a source of any kind."""
    return source.line() if isinstance(source, Remote) else _Direct(source)


class _Direct:
    def __init__(self, source: Source) -> None:
        self._source = source

    def read(self, cid: CID, into: memoryview) -> int:
        block = self._source.get(cid)[: BLOCK_BYTES + 1]
        into[: len(block)] = block
        return len(block)

    def cut(self) -> None:
        """Do nothing: what is here comes at once."""

    def close(self) -> None:
        """Do nothing: nothing is open."""
