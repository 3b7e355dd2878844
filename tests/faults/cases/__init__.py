"""All cases, a module for each family; a module names its own in `CASES`."""

from __future__ import annotations

from importlib import import_module

from faults.case import Case

MODULES: tuple[str, ...] = (
    "killed",
    "vanished",
    "cut_off",
    "machines",
    "misinformed",
    "strategies",
    "liars",
    "withheld",
    "mixed",
    "malformed_batons",
    "malformed_members",
    "fuzzed",
    "loaded",
)
"""In the order of the table."""


def all_cases() -> list[Case]:
    """Return every case there is."""
    return [case for name in MODULES for case in import_module(f"faults.cases.{name}").CASES]
