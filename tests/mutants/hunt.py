"""The hunt for one fault: the cheapest detector first, then dearer ones until one catches it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from histories.check import check

from derelay.chain.chain import Reverted
from derelay.contracts import NAMES, Artifact, artifact
from mutants.fault import Fault
from mutants.project import Project

FEW, ALL = 60, 250
"""Histories before, and after, the tests rule by rule: all are those of `test_invariants`."""
TESTS = (
    "contracts/test_calls",
    "contracts/test_grants",
    "contracts/test_rounds",
    "contracts/test_successors",
    "contracts/test_registry",
    "contracts/test_creation",
    "contracts/test_hostile_origin",
    "contracts/test_accounts",
    "contracts/test_rules",
    "chain/test_before_creation",
)
"""Rule by rule. Not among them: `test_artifacts`, which sees any change of a source, whatever it does."""
OWN = {
    "accounts": "test_accounts",
    "coin": "test_accounts",
    "registry": "test_registry",
    "rules": "test_rules",
}
"""Where to look first, by the first folder or file of a fault's source."""


@dataclass(frozen=True)
class Outcome:
    """What became of a fault.

    Attributes
    ----------
    caught_by
        What failed; None if nothing did.
    """

    caught_by: str | None
    seconds: float


def hunt(fault: Fault) -> Outcome:
    """Compile a fault and look for it."""
    begun = time.perf_counter()
    with TemporaryDirectory(prefix="mutant-") as folder:
        project = Project(Path(folder), fault)
        artifacts = {name: artifact(name) for name in NAMES} | {fault.contract: project.artifact}
        caught = (
            goes_wrong(artifacts, FEW) or project.failing(_nearest_first(fault)) or goes_wrong(artifacts, ALL)
        )
    return Outcome(caught, round(time.perf_counter() - begun, 1))


def goes_wrong(artifacts: Mapping[str, Artifact], histories: int) -> str | None:
    """Play histories against the model; say so if contracts and model disagree, or an invariant is broken."""
    try:
        check(artifacts, histories, shorten=False)
    except (AssertionError, Reverted):
        return f"{histories} histories"
    return None


def _nearest_first(fault: Fault) -> list[str]:
    own = f"contracts/{OWN.get(fault.source.split('/')[0])}"
    return sorted(TESTS, key=lambda name: name != own)
