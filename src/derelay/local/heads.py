"""Finding one of a run's heads by what people call it."""

from __future__ import annotations

from derelay.local.report.folder import ReportError
from derelay.local.result import Head, Result

SHORTEST = 4
"""Digits of an id that are enough, if they fit one head only."""


def find_head(result: Result, name: str) -> Head:
    """Return the head called ``name``: "latest", a version ("3" or "v3"), or the first digits of an id.

    Raises
    ------
    ReportError
        If there is none, or more than one.
    """
    if not result.heads:
        raise ReportError("this report holds no head: run derelay demo again")
    if name == "latest":
        return result.heads[-1]
    digits = name.removeprefix("v")
    if digits.isdecimal():
        found = [head for head in result.heads if head.version == int(digits)]
        if found:
            return found[0]
    text = name.lower().removeprefix("0x")
    found = [head for head in result.heads if len(text) >= SHORTEST and head.id.startswith(text)]
    if len(found) > 1:
        raise ReportError(f"{len(found)} heads begin with {name!r}: give more digits")
    if not found:
        raise ReportError(
            f"no head {name!r} in this report: give a version from 0 to {result.heads[-1].version}, "
            f"{SHORTEST} or more digits of an id, or latest"
        )
    return found[0]
