"""A seat's score as one word of the contract."""

from __future__ import annotations

from derelay.rules.verdict import Seat

ABSENT = 0
UNAVAILABLE = 1
_OFFSET = 1 << 127
_LOW = 1 << 128


def pack(seat: Seat | None) -> int:
    """Return ``(error + 1) << 128 | gain + 2**127``; `UNAVAILABLE` for None.

    Raises
    ------
    ValueError
        If gain or error do not fit.
    """
    if seat is None:
        return UNAVAILABLE
    if not -_OFFSET <= seat.gain < _OFFSET or not 0 <= seat.se < _LOW - 1:
        raise ValueError(f"score out of range: gain {seat.gain}, error {seat.se}")
    return (seat.se + 1) << 128 | seat.gain + _OFFSET


def unpack(word: int) -> Seat | None:
    """Return the score of a word; None for an absent or unavailable one.

    Raises
    ------
    ValueError
        If the word is no score.
    """
    if word in (ABSENT, UNAVAILABLE):
        return None
    if not _LOW <= word < 1 << 256:
        raise ValueError(f"no score: {word:#x}")
    return Seat(gain=word % _LOW - _OFFSET, se=word // _LOW - 1)
