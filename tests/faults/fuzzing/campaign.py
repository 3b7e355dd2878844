"""Parsers tried one after the other, for so many inputs or so many seconds each."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Sequence
from itertools import islice

from faults.fuzzing.parser import Parser, Tally

MOST_CRASHES = 5
"""Of a parser: then it is left."""


def campaign(
    parsers: Sequence[Parser], seed: int, inputs: int | None, seconds: float, tell: Callable[[str], None]
) -> dict[str, Tally]:
    """Try each parser.

    Parameters
    ----------
    inputs
        At most so many for each; None for as many as the time allows.
    seconds
        For all of them together.
    """
    tallies = {}
    tracemalloc.start()
    for parser in parsers:
        tally = tallies[parser.name] = Tally()
        end = time.monotonic() + seconds / len(parsers)
        for data in islice(parser.inputs(seed), inputs):
            tally.take(parser, data)
            if time.monotonic() > end or len(tally.crashes) >= MOST_CRASHES:
                break
        tell(
            f"{parser.name}: {tally.tried} inputs, {tally.accepted} accepted, {len(tally.crashes)} crashes, "
            f"{tally.seconds:.3f} s and {tally.bytes / 2**20:.1f} MiB at most"
        )
    tracemalloc.stop()
    return tallies
