"""Small integers as bytes: four bits for each, and sixteen more for the few that are larger."""

from collections.abc import Iterator

import torch
from torch import Tensor

from derelay.baton.codecs.frame import Frame

_LARGE = -8
"""Stands for a level beyond ±7, which follows."""


def packed(levels: Tensor) -> Iterator[Tensor]:
    """Yield the bytes for levels, ``[n]`` int16: two in a byte, then the large ones."""
    is_large = levels.abs() > 7
    small = torch.where(is_large, _LARGE, levels).to(torch.uint8) & 15
    yield small[0::2] << 4 | torch.nn.functional.pad(small[1::2], (0, len(small) % 2))
    large = levels[is_large]
    if len(large):
        yield large


def unpacked(frame: Frame, count: int) -> Tensor:
    """Read ``count`` levels from a frame: ``[count]`` int16."""
    pairs = frame.fill(torch.empty((count + 1) // 2, dtype=torch.uint8)).view(torch.int8)
    low = pairs << 4 >> 4  # the sign is carried along
    levels = torch.stack([pairs >> 4, low], 1).view(-1)[:count].to(torch.int16)
    is_large = levels == _LARGE
    large = torch.empty(int(is_large.sum()), dtype=torch.int16)
    levels[is_large] = frame.fill(large)
    return levels


def packed_limit(count: int) -> int:
    """Return the most bytes that so many levels are packed into."""
    return (count + 1) // 2 + 2 * count
