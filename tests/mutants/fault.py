"""A fault: one text in one Vyper source, replaced. ``faults/`` lists them, in a file for each source."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from derelay.contracts import NAMES

_LISTS = Path(__file__).parent / "faults"


@dataclass(frozen=True)
class Fault:
    """One seeded fault.

    Attributes
    ----------
    source
        Path below ``src/derelay/contracts``, without suffix.
    breaks
        The rule that no longer holds, or the invariant of the protocol.
    """

    source: str
    name: str
    breaks: str
    old: str
    new: str

    @property
    def id(self) -> str:
        return f"{self.source}: {self.name}"

    @property
    def contract(self) -> str:
        """The contract that the source is compiled into."""
        return self.source if self.source in NAMES else "rounds"

    def applied(self, text: str) -> str:
        """Return the source with the fault.

        Raises
        ------
        ValueError
            If the text to replace does not occur exactly once.
        """
        found = text.count(self.old)
        if found != 1 or self.old == self.new:
            raise ValueError(f"{self.id}: the text to replace occurs {found} times in {self.source}.vy")
        return text.replace(self.old, self.new)


def listed() -> list[Fault]:
    """Return all faults, by source."""
    return [
        Fault(path.relative_to(_LISTS).with_suffix("").as_posix(), **entry)
        for path in sorted(_LISTS.rglob("*.toml"))
        for entry in tomllib.loads(path.read_text())["fault"]
    ]
