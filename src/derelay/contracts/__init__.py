"""The contracts of a relay: Vyper sources, and what they compile to.

The artifacts are committed, so that running needs no compiler; a test compiles anew and compares.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

NAMES = ("coin", "accounts", "registry", "rounds")
"""In the order in which they are created."""


@dataclass(frozen=True)
class Artifact:
    """A compiled contract: its interface, its creation code, the length of its code once deployed."""

    abi: list[dict[str, Any]]
    bytecode: bytes
    runtime_size: int


@cache
def artifact(name: str) -> Artifact:
    """Return the committed artifact of the contract ``name``."""
    data = json.loads(files(__package__).joinpath("artifacts", f"{name}.json").read_text())
    return Artifact(data["abi"], bytes.fromhex(data["bytecode"]), data["runtime_size"])
