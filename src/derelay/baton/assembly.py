"""A container put together from chunks in any order, each piece of it checked as soon as it is whole."""

import threading
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO

import torch

from derelay.baton.baton import Baton, admitted_header, other_hash, refuse_flaw
from derelay.baton.codec import Codec
from derelay.baton.codecs import FULL
from derelay.baton.container import LENGTH_BYTES, header_limit
from derelay.baton.errors import BatonError
from derelay.baton.layout import ITEM_BYTES, Layout, layout_bytes, tensor_bytes
from derelay.baton.manifest import Manifest
from derelay.baton.pieces import joined, spans
from derelay.baton.tensors import DTYPES, State, memory


@dataclass(slots=True)
class _Piece:
    """A part of a tensor: from where to where in the container, and how many chunks of it have not come."""

    name: str
    start: int
    stop: int
    awaits: int = 0
    digest: bytes = b""
    chunk: int | None = None
    """The one that it is, if it is neither more nor less than one."""


class Assembly:
    """The memory of a container; the tensors of a baton that is stored whole are views of it.

    Parameters
    ----------
    size : int
        Bytes of the container.
    places : sequence of (int, int)
        From where to where in it each chunk lies: one after the other, without gaps.
    template : Layout
        What the model must look like.
    expect_id : bytes
        The id that it must have.
    codec : Codec
        By what the tensors are stored.
    """

    def __init__(
        self, size: int, places: Sequence[tuple[int, int]], template: Layout, expect_id: bytes, codec: Codec
    ) -> None:
        self._view = memory(torch.empty(size, dtype=torch.uint8))
        self._size, self._places = size, places
        self._template, self._expect_id, self._codec = template, expect_id, codec
        self._lock = threading.Lock()
        self._here = [False] * len(places)
        self._digests: dict[int, bytes] = {}
        self._ahead = 0  # chunks from the first that are here without a gap
        self._header: tuple[Manifest, Layout] | None = None
        self._pieces: list[_Piece] = []
        self._parts: list[list[_Piece]] = [[] for _ in places]

    def place(self, index: int) -> memoryview:
        """Return where the chunk at `index` belongs."""
        start, stop = self._places[index]
        return self._view[start:stop]

    def came(self, index: int, digest: bytes | None = None) -> None:
        """Note that a chunk is in its place, and check what is whole with it. Threads may do so at once.

        Parameters
        ----------
        index : int
            Which chunk.
        digest : bytes or None
            Its sha-256, where that is known already.

        Raises
        ------
        BatonError
            If the header is not the one that is expected, or a tensor holds what no model should.
        """
        with self._lock:
            self._here[index] = True
            if digest is not None:
                self._digests[index] = digest
            if self._header is None:
                whole = self._pieces_here() if self._read_header() else []
            else:
                whole = self._pieces_with(index)
        for piece in whole:
            self._check(piece)

    def baton(self, base: State | None) -> Baton:
        """Return the baton, when all chunks have come.

        Raises
        ------
        BatonError
            If chunks are missing, or the tensors are not the manifest's.
        """
        missing = self._here.count(False)
        if missing or self._header is None:
            raise BatonError(
                f"cut short: {missing} of {len(self._here)} blocks are missing; ask for it again"
            )
        manifest, stored = self._header
        tensors = self._tensors(stored)
        if self._codec is not FULL:
            return Baton.decoded(manifest, tensors, self._codec, base)
        digests: dict[str, list[bytes]] = {name: [] for name in stored}
        for piece in self._pieces:
            digests[piece.name].append(piece.digest)
        for spec in manifest.tensors:
            if joined(digests[spec.name]) != spec.sha256:
                raise other_hash(spec.name)
        return Baton(manifest, {name: tensors[name] for name in manifest.layout})

    def _read_header(self) -> bool:
        """Read the header, if all of it is here."""
        while self._ahead < len(self._here) and self._here[self._ahead]:
            self._ahead += 1
        whole = self._places[self._ahead - 1][1] if self._ahead else 0
        stop = LENGTH_BYTES + int.from_bytes(self._view[:LENGTH_BYTES], "little")
        if whole < min(LENGTH_BYTES, self._size):
            return False
        if whole < min(stop, self._size, LENGTH_BYTES + header_limit(len(self._template))):
            return False
        self._header = admitted_header(
            BytesIO(self._view[: min(stop, whole)]), self._size, self._template, self._expect_id, self._codec
        )
        return True

    def _pieces_here(self) -> list[_Piece]:
        """Say of which pieces the tensors consist, and return those that are here."""
        assert self._header is not None
        _, stored = self._header
        if self._codec is not FULL:
            return []  # what is stored is not what the manifest has the hashes of
        stops = [stop for _, stop in self._places]
        for name, start, stop in self._ranges(stored):
            for piece in (_Piece(name, *span) for span in spans(start, stop)):
                first, last = bisect_right(stops, piece.start), bisect_left(stops, piece.stop)
                if self._places[first] == (piece.start, piece.stop):
                    piece.chunk = first
                for index in range(first, last + 1):
                    if not self._here[index]:
                        self._parts[index].append(piece)
                        piece.awaits += 1
                self._pieces.append(piece)
        return [piece for piece in self._pieces if not piece.awaits]

    def _pieces_with(self, index: int) -> list[_Piece]:
        """Return the pieces that are whole now that this chunk is here."""
        for piece in self._parts[index]:
            piece.awaits -= 1
        return [piece for piece in self._parts[index] if not piece.awaits]

    def _check(self, piece: _Piece) -> None:
        part = self._view[piece.start : piece.stop]
        known = None if piece.chunk is None else self._digests.get(piece.chunk)
        piece.digest = known or sha256(part).digest()
        dtype, _ = self._template[piece.name]
        refuse_flaw(piece.name, torch.frombuffer(part, dtype=DTYPES[dtype]))

    def _ranges(self, stored: Layout) -> list[tuple[str, int, int]]:
        """Return from where to where each stored tensor lies."""
        at, ranges = self._size - layout_bytes(stored), []
        for name, (dtype, shape) in stored.items():
            if at % ITEM_BYTES[dtype]:
                raise BatonError(
                    f"tensor {name[:200]!r} does not lie at a multiple of its width; seal it anew"
                )
            ranges.append((name, at, at + tensor_bytes(dtype, shape)))
            at = ranges[-1][2]
        return ranges

    def _tensors(self, stored: Layout) -> State:
        tensors = {}
        for name, start, stop in self._ranges(stored):
            dtype, shape = stored[name]
            flat = torch.frombuffer(
                self._view, dtype=DTYPES[dtype], count=(stop - start) // ITEM_BYTES[dtype], offset=start
            )
            tensors[name] = flat.reshape(shape)
        return tensors
