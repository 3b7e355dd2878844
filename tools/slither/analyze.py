"""Run slither on the contracts; every finding, and nothing else, must be answered on the page about it.

Slither's own list of answers (its triage database) knows a finding by its lines: one line more above it, and
it has to be answered again. Here a finding is known by detector and place, and by how many there are.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

HERE = Path(__file__).resolve().parent
CONTRACTS = HERE.parents[1] / "src" / "derelay" / "contracts"
PAGE = HERE.parents[1] / "docs" / "explanation" / "static-analysis.md"
SECTION = "## What slither finds"
NAMES = ("coin", "accounts", "registry", "rounds")

Finding = tuple[str, str]
"""Detector and place."""


def found() -> tuple[Counter[Finding], dict[Finding, str]]:
    """Return how often each finding is made, and what slither says of it."""
    count: Counter[Finding] = Counter()
    said: dict[Finding, str] = {}
    for name in NAMES:
        for result in _slither(CONTRACTS / f"{name}.vy"):
            finding = result["check"], _place(result["elements"][0])
            count[finding] += 1
            said[finding] = result["description"]
    return count, said


def _slither(contract: Path) -> list[dict[str, Any]]:
    tools = f"{HERE}{os.pathsep}{Path(sys.executable).parent}"  # its `vyper` is ours
    with TemporaryDirectory() as folder:
        output = Path(folder) / "findings.json"
        run = subprocess.run(
            ["slither", str(contract), "--json", str(output)],
            env=os.environ | {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,  # it fails if it finds anything
        )
        if not output.exists():
            sys.exit(f"slither cannot read {contract}:\n{run.stderr}")
        answer = json.loads(output.read_text())
    if not answer["success"]:
        sys.exit(f"slither cannot read {contract}:\n{answer['error']}")
    results: list[dict[str, Any]] = answer["results"].get("detectors", [])
    return results


def _place(element: dict[str, Any]) -> str:
    """Return file, function and name of what a finding is about, as the sources call them."""
    file = Path(element["source_mapping"]["filename_absolute"]).stem
    if element["type"] == "contract":
        return file
    parts = [element["name"]]
    parent = element["type_specific_fields"]["parent"]
    if parent["type"] == "function":
        parts.insert(0, parent["name"])
    return ".".join([file, *(part.removeprefix(f"{file}_") for part in parts)])


def answered() -> Counter[Finding]:
    """Return the findings that the page answers, and how many of each."""
    section = PAGE.read_text().partition(f"\n{SECTION}\n")[2].partition("\n## ")[0]
    count: Counter[Finding] = Counter()
    for detector, places in re.findall(r"^\| `([\w-]+)` \| ([^|]+) \|", section, re.MULTILINE):
        for place, times in re.findall(r"`([^`]+)`(?: ×(\d+))?", places):
            count[detector, place] += int(times or 1)
    return count


def main() -> None:
    """Compare."""
    count, said = found()
    answers = answered()
    for finding, times in sorted((count - answers).items()):
        print(f"not answered ({times} of {count[finding]}): {finding[0]} in {finding[1]}\n{said[finding]}")
    for (detector, place), times in sorted((answers - count).items()):
        print(f"answered, but not found ({times}): {detector} in {place}")
    if count != answers:
        sys.exit(f"answer on {PAGE.relative_to(HERE.parents[1])}, section {SECTION.removeprefix('## ')!r}")
    print(f"slither: {count.total()} findings, all answered")


if __name__ == "__main__":
    main()
