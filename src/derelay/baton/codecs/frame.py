"""Bytes compressed by zstd into one tensor, and read again without taking more memory than they need.

https://datatracker.ietf.org/doc/html/rfc8878
"""

from collections.abc import Iterable

import torch
import zstandard
from torch import Tensor

from derelay.baton.errors import BatonError
from derelay.baton.tensors import memory

_WINDOW_LOG = 20
_SHORTEST_MATCH = (
    7  # shorter repetitions among a few different symbols are chance, and cost more than they save
)
_LARGEST_WINDOW = 1 << 23  # what RFC 8878 asks every decoder to support


def compressed(parts: Iterable[Tensor]) -> Tensor:
    """Return the bytes of contiguous tensors, one after the other, as a zstd frame: ``[n]`` U8."""
    settings = zstandard.ZstdCompressionParameters.from_level(
        1, window_log=_WINDOW_LOG, min_match=_SHORTEST_MATCH
    )
    packer = zstandard.ZstdCompressor(compression_params=settings).compressobj()
    frame = bytearray()
    for part in parts:
        frame += packer.compress(memory(part))
    frame += packer.flush()
    return torch.frombuffer(frame, dtype=torch.uint8)


def frame_limit(size: int) -> int:
    """Return the most bytes that a frame of `size` bytes has: what zstd takes where nothing can be saved."""
    return size + (size >> 7) + 1024


class Frame:
    """The bytes in a frame, read from its beginning to its end."""

    def __init__(self, frame: Tensor) -> None:
        self._stream = zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW).stream_reader(
            memory(frame)
        )

    def fill(self, tensor: Tensor) -> Tensor:
        """Fill a contiguous tensor with the next bytes, and return it.

        Raises
        ------
        BatonError
            If there are not as many, or the frame is damaged.
        """
        rest = memory(tensor)
        while rest:
            count = self._read(rest)
            if not count:
                raise BatonError(f"the zstd frame ends {len(rest)} bytes too early; ask for it again")
            rest = rest[count:]
        return tensor

    def end(self) -> None:
        """Raise `BatonError` unless all of it was read."""
        if self._read(memoryview(bytearray(1))):
            raise BatonError("the zstd frame holds more than the model; ask for it again")

    def _read(self, buffer: memoryview) -> int:
        try:
            return self._stream.readinto(buffer)
        except zstandard.ZstdError as error:
            raise BatonError(f"the zstd frame cannot be read ({error}); ask for it again") from error
