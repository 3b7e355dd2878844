"""Bringing many blocks at once, over several lines, each with a thread of its own."""

import math
import mmap
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import TracebackType
from typing import Self

from multiformats import CID

from derelay.baton.blocks import BLOCK_BYTES, BlockError, CorruptBlock, Source, verify
from derelay.patience import STEP_BYTES
from derelay.store.line import Line, line_to
from derelay.store.schedule import Schedule

POLL = 0.02
"""Seconds after which a line that has nothing to do looks again whether others are late."""

Taken = Callable[[int, memoryview], None]
"""Takes a block by its place among those wanted; the memory is used again afterwards."""


class Swarm:
    """Brings blocks from holders.

    A block is one thread's, from the socket to its place, so it is hashed, deciphered and written while it
    is in that core's cache, and one thread's waiting for disk or wire is another's time.

    Parameters
    ----------
    cids : sequence of CID
        All blocks, by their place.
    sources : mapping of str to Source
        Whom to ask, first choice first.
    taken : callable
        Is given each block once, verified, from any thread.
    """

    def __init__(self, cids: Sequence[CID], sources: Mapping[str, Source], taken: Taken) -> None:
        self.bytes_from: Counter[str] = Counter()
        self.liars: dict[str, str] = {}
        self._cids, self._sources, self._taken = cids, sources, taken
        self._schedule = Schedule((), list(sources))
        self._changed = threading.Condition()
        self._open: set[Line] = set()
        self._threads: dict[Line, threading.Thread] = {}
        self._reading: set[Line] = set()
        self._busy = 0  # threads that are giving a block to who takes it
        self._over = False
        self._error: Exception | None = None

    def start(self, blocks: Iterable[int]) -> None:
        """Begin to bring blocks; further ones can be added."""
        with self._changed:
            for block in blocks:
                self._schedule.want(block)
            self._grow()
            self._changed.notify_all()

    def wait(self, until: float = math.inf) -> bool:
        """Wait until all blocks were taken, one is lost, or the time is over (of `time.monotonic`).

        Returns
        -------
        bool
            Whether it ended before that time.

        Raises
        ------
        Exception
            What taking a block raised.
        """
        with self._changed:
            while self._error is None and self.lost is None and not self._is_done():
                left = until - time.monotonic()
                if left <= 0:
                    return False
                self._changed.wait(None if left == math.inf else left)
            if self._error is not None:
                raise self._error
            return True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Cut the lines over which nothing that is needed is under way; wait only for blocks being taken."""
        with self._changed:
            self._over = True
            for line in self._reading:
                line.cut()
            self._changed.notify_all()
            while self._busy or self._open - self._reading:
                self._changed.wait()
            ended = [thread for line, thread in self._threads.items() if line not in self._open]
        for thread in ended:
            thread.join()  # a process that ends while what they held of torch is let go is aborted

    @property
    def lost(self) -> int | None:
        """The place of a block that nobody gave; None if there is none."""
        return self._schedule.lost

    def reasons(self, block: int) -> dict[str, str]:
        """Return why the holders did not give a block."""
        return {**self.liars, **self._schedule.reasons.get(block, {})}

    @property
    def pace(self) -> dict[str, float]:
        """Seconds that each holder took for a byte when it was last asked; infinite if it failed."""
        return self._schedule.paces()

    def _is_done(self) -> bool:
        return self._schedule.is_done and not self._busy

    def _grow(self) -> None:
        """Open the lines that are wanted."""
        while not self._over and (name := self._schedule.next_line()) is not None:
            line = line_to(self._sources[name])
            self._open.add(line)
            self._threads[line] = threading.Thread(
                target=self._serve, args=(name, line), name="derelay fetch", daemon=True
            )
            self._threads[line].start()

    def _serve(self, name: str, line: Line) -> None:
        """Bring blocks over one line until there is nothing more to bring."""
        place = memoryview(mmap.mmap(-1, BLOCK_BYTES + mmap.PAGESIZE))  # at a page: see `write_whole`
        took = math.inf
        try:
            while (block := self._next(name, took)) is not None:
                began = time.monotonic()
                if not self._bring(name, line, block, place, began):
                    return
                took = time.monotonic() - began
            with self._changed:
                self._schedule.ended(name)
        except Exception as error:  # noqa: BLE001 - raised by who waits
            with self._changed:
                self._error = self._error or error
                self._changed.notify_all()
        finally:
            line.close()
            with self._changed:
                self._open.discard(line)
                self._grow()
                self._changed.notify_all()

    def _next(self, name: str, took: float) -> int | None:
        """Return the next block for a line, when there is one; None if it is to end."""
        with self._changed:
            while not self._over and name not in self.liars:
                block = self._schedule.next_block(name, took, time.monotonic())
                if block is not None:
                    return block
                self._changed.wait(POLL)
            return None

    def _read(self, line: Line, cid: CID, place: memoryview) -> int:
        with self._changed:
            if self._over:
                raise ConnectionError("nothing more is needed")
            self._reading.add(line)
        try:
            return line.read(cid, place)
        finally:
            with self._changed:
                self._reading.discard(line)

    def _bring(self, name: str, line: Line, block: int, place: memoryview, began: float) -> bool:
        """Bring one block; say whether the line can go on."""
        cid = self._cids[block]
        try:
            size = self._read(line, cid, place)
        except BlockError as error:
            with self._changed:
                self._schedule.refused(block, name, str(error))
                self._grow()
                self._changed.notify_all()
            return True
        except OSError as error:
            with self._changed:
                if not self._over:  # or it was cut from here, which says nothing of the holder
                    self._schedule.failed(block, name, str(error), began)
            return False
        now = time.monotonic()
        try:
            verify(cid, place[:size])
        except CorruptBlock as error:
            with self._changed:
                self.liars.setdefault(name, str(error))
                self._schedule.lied(block, name, str(error))
                self._grow()
                self._changed.notify_all()
            return True
        with self._changed:
            first = self._schedule.came(block, name, (now - began) / max(size, STEP_BYTES), now)
            if self._over or not first:
                return not self._over
            self._busy += 1
            self.bytes_from[name] += size
            self._grow()
        try:
            self._taken(block, place[:size])
        except Exception as error:
            with self._changed:  # before this thread counts as free: who waits would take that for the end
                self._error = self._error or error
            raise
        finally:
            with self._changed:
                self._busy -= 1
                if self._over or self._error or self._is_done():  # not for each block: nobody waits for it
                    self._changed.notify_all()
        return True
