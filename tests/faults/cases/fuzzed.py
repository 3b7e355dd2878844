"""Fuzzing: everything that reads what others wrote, in this process."""

from __future__ import annotations

from pathlib import Path

from faults.case import Case, Outcome, Tell
from faults.fuzzing.campaign import campaign
from faults.fuzzing.parsers import all_parsers

SEED, SECONDS = 7, 60.0


def fuzz(folder: Path, tell: Tell) -> Outcome:
    """Try each parser for some seconds."""
    with all_parsers(folder) as parsers:
        tallies = campaign(parsers, SEED, None, SECONDS, tell)
    worst = tallies.values()
    figures = {
        "parsers": len(tallies),
        "accepted": sum(tally.accepted for tally in worst),
        "CPU seconds at most": round(max(tally.seconds for tally in worst), 2),
        "MiB at most": round(max(tally.bytes for tally in worst) / 2**20, 1),
    }
    broken = tuple(text for tally in worst for text in tally.crashes)
    return Outcome(sum(tally.tried for tally in worst), broken, figures=figures)


CASES = (
    Case(
        "fuzzed",
        7,
        "changed inputs to every parser: batons, blocks, HTTP both ways, chain, settings, cases",
        "each is accepted or refused as documented, in 5 s of the processor and 64 MiB",
        fuzz,
    ),
)
