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
    """A compiled contract: its interface, its creation code, and what its code will be once it is deployed.

    Attributes
    ----------
    runtime_size, runtime_hash
        Bytes and keccak-256 of the deployed code without the immutables, which stand behind it.
    immutables_size
        Bytes of these.
    """

    abi: list[dict[str, Any]]
    bytecode: bytes
    runtime_size: int
    runtime_hash: bytes
    immutables_size: int


@cache
def artifact(name: str) -> Artifact:
    """Return the committed artifact of the contract ``name``."""
    data = json.loads(files(__package__).joinpath("artifacts", f"{name}.json").read_text())
    return Artifact(
        abi=data["abi"],
        bytecode=bytes.fromhex(data["bytecode"]),
        runtime_size=data["runtime_size"],
        runtime_hash=bytes.fromhex(data["runtime_hash"]),
        immutables_size=data["immutables_size"],
    )
