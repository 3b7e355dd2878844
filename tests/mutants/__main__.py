"""``make mutants``: seed every listed fault, one at a time, and see that a test catches it."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict
from pathlib import Path

from mutants.fault import Fault, listed
from mutants.hunt import Outcome, hunt
from mutants.project import ROOT

_WATCHED = (
    "src/derelay/contracts",
    "src/derelay/rules",
    "src/derelay/chain",
    "tests/contracts",
    "tests/mutants",
)


class Journal:
    """What is known already of these very sources, tests and faults: an interrupted run goes on."""

    def __init__(self, folder: Path) -> None:
        digest = hashlib.sha256()
        for path in sorted(path for each in _WATCHED for path in (ROOT / each).rglob("*.*")):
            if path.suffix in (".vy", ".py"):
                digest.update(path.read_bytes())
        self._path = folder / f"{digest.hexdigest()[:16]}.jsonl"
        self._path.parent.mkdir(parents=True, exist_ok=True)

    def read(self) -> dict[Fault, Outcome]:
        if not self._path.exists():
            return {}
        rows = [json.loads(line) for line in self._path.read_text().splitlines()]
        return {Fault(**row["fault"]): Outcome(**row["outcome"]) for row in rows}

    def add(self, fault: Fault, outcome: Outcome) -> None:
        with self._path.open("a") as file:
            file.write(json.dumps({"fault": asdict(fault), "outcome": asdict(outcome)}) + "\n")


def main() -> int:
    """Hunt; return 1 if a fault survives."""
    parser = argparse.ArgumentParser(prog="mutants", description=__doc__)
    parser.add_argument("words", nargs="*", help="hunt only faults with one of these in source or name")
    parser.add_argument("-j", type=int, default=1, metavar="N", help="processes (default: 1)")
    options = parser.parse_args()
    words: list[str] = options.words
    faults = [each for each in listed() if not words or any(word in each.id for word in words)]
    if not faults:
        parser.error(f"no fault has any of {words} in its source or name")
    begun = time.perf_counter()
    outcomes = _hunted(faults, options.j, Journal(ROOT / "build" / "mutants"))
    _summarize(faults, outcomes, time.perf_counter() - begun)
    return int(any(each.caught_by is None for each in outcomes.values()))


def _hunted(faults: list[Fault], processes: int, journal: Journal) -> dict[Fault, Outcome]:
    """Return what becomes of each fault, and tell it at once."""
    known = journal.read()
    outcomes = {fault: known[fault] for fault in faults if fault in known}
    if outcomes:
        print(f"{len(outcomes)} are known from an earlier run: neither they nor the tests have changed.")
    with ProcessPoolExecutor(processes) as pool:
        tasks = {pool.submit(hunt, fault): fault for fault in faults if fault not in outcomes}
        for task in as_completed(tasks):
            fault, outcome = tasks[task], task.result()
            journal.add(fault, outcome)
            outcomes[fault] = outcome
            caught = outcome.caught_by or "SURVIVES"
            progress = f"{len(outcomes):4}/{len(faults)} {outcome.seconds:6.1f} s"
            print(f"{progress}  {fault.id:80} {caught}", flush=True)
    return outcomes


def _summarize(faults: list[Fault], outcomes: dict[Fault, Outcome], seconds: float) -> None:
    """Print how many faults of each source were caught by what, and the survivors."""
    detectors = [(fault.source, (outcomes[fault].caught_by or "nothing").split("::")[0]) for fault in faults]
    print("\nsource                faults  caught by")
    for source, count in Counter(source for source, _ in detectors).items():
        by = Counter(detector for each, detector in detectors if each == source)
        print(f"{source:20} {count:7}  " + ", ".join(f"{name} {many}" for name, many in by.most_common()))
    survivors = [fault for fault in faults if outcomes[fault].caught_by is None]
    print(f"\n{len(faults)} faults, {len(faults) - len(survivors)} caught, {seconds:.0f} s")
    for fault in survivors:
        print(f"SURVIVES {fault.id}\n  which breaks: {fault.breaks}\n- {fault.old}\n+ {fault.new}")


if __name__ == "__main__":
    sys.exit(main())
