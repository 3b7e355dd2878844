"""Changing a valid input so that a part of it is not."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

LONGEST = 1 << 16
"""Bytes of an input."""
MOST_CHANGES = 6
_NUMBERS = tuple(
    number.to_bytes(width, order)
    for width in (1, 2, 4, 8)
    for number in (0, 1, (1 << 8 * width - 1) - 1, 1 << 8 * width - 1, (1 << 8 * width) - 1)
    for order in ("little", "big")
)


def mutate(data: bytes, others: Sequence[bytes], words: Sequence[bytes], chance: Random) -> bytes:
    """Return an input like ``data`` with some changes.

    Parameters
    ----------
    others
        Inputs that parts are taken from.
    words
        What means something to the parser.
    """
    for _ in range(chance.randint(1, MOST_CHANGES)):
        data = _changed(data, others, words, chance)[:LONGEST]
    return data


def _changed(data: bytes, others: Sequence[bytes], words: Sequence[bytes], chance: Random) -> bytes:
    start = chance.randint(0, len(data))
    stop = min(len(data), start + chance.choice((0, 1, 1, 2, 4, 8, 32, len(data))))
    before, part, after = data[:start], data[start:stop], data[stop:]
    match chance.randrange(8):
        case 0:  # flip a bit
            flipped = bytes([after[0] ^ 1 << chance.randrange(8)]) if after else b""
            return before + part + flipped + after[1:]
        case 1:
            return before + chance.randbytes(len(part)) + after
        case 2:
            return before + after
        case 3:
            return before + part * chance.choice((2, 3, 50, 5000)) + after
        case 4:
            return before + chance.choice(_NUMBERS) + after
        case 5:
            return before + chance.choice([*words, b""]) + after
        case 6:
            other = chance.choice(others)
            cut = chance.randint(0, len(other))
            return before + other[cut : cut + chance.choice((1, 8, 64, len(other)))] + after
        case _:
            return data[:start]
