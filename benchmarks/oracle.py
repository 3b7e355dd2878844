"""Fit the oracle of simulated training to real legs, and hold it against real relays.

``python benchmarks/legs.py digits.jsonl --task digits --seeds 1 2 3 4 5`` records legs (minutes), then
``python benchmarks/oracle.py digits.jsonl --write src/derelay/sim/oracle/digits.json
--figure docs/images/oracle-digits.png`` fits the oracle, runs the demo with its two usual cheats for other
seeds, plays the same cast twenty times with the oracle, and prints how often each verdict came out, real and
simulated. The real shares are kept in the oracle's file, for a test.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from pathlib import Path

import torch
from fitting import Record, fit
from legs_figure import legs_figure
from relays import CHEATS, Round, real, shares, simulated, totals

from derelay.sim.oracle import Oracle

GAMES = range(101, 121)
"""Seeds of the simulated relays."""
SPANS = ((1, 1), (2, 2), (3, 4), (5, 8), (9, 16), (17, 24))
"""Rounds that are told apart."""
ROUNDS = SPANS[-1][-1]


def rounded(oracle: Oracle) -> Oracle:
    """Return the oracle with numbers of four digits: what the file holds is what was compared."""
    short = {
        name: [float(f"{each:.4g}") for each in value] if isinstance(value, list) else float(f"{value:.4g}")
        for name, value in oracle.to_dict().items()
    }
    return Oracle.from_dict(short)


def compare(theirs: Sequence[Round], ours: Sequence[Round], relays: int) -> None:
    """Print verdicts by strategy and rounds, and what relays come to; real beside simulated."""
    print(
        "| pass/undecided/fail, %, real ~ simulated | " + " | ".join(f"{a} to {b}" for a, b in SPANS) + " |"
    )
    print("|---|" + "---|" * len(SPANS))
    worst = 0.0
    for strategy in ("honest", *CHEATS):
        cells = []
        for first, last in SPANS:
            (was, count), (would, _) = (shares(each, strategy, first, last) for each in (theirs, ours))
            cells.append(f"{percent(was)} ~ {percent(would)} ({count})")
            if strategy == "honest":
                worst = max(worst, *(abs(a - b) for a, b in zip(was, would, strict=True)))
        print(f"| {strategy} | {' | '.join(cells)} |")
    print(f"\nlargest difference of a share, honest: {100 * worst:.0f} points")
    print("real     ", json.dumps(totals(theirs, relays)))
    print("simulated", json.dumps(totals(ours, len(GAMES))))


def percent(parts: Sequence[float]) -> str:
    """Return shares as people read them."""
    return "none" if math.isnan(parts[0]) else "/".join(f"{100 * part:.0f}" for part in parts)


def main() -> None:
    """Run as the module's docstring says."""
    parser = argparse.ArgumentParser(description="Fit the oracle of simulated training.")
    parser.add_argument("legs", type=Path, help="what legs.py wrote")
    parser.add_argument("--seeds", type=int, nargs="+", default=[11, 12, 13, 14, 15], help="of real relays")
    parser.add_argument("--relays", type=Path, help="keep the real relays here, or take them from here")
    parser.add_argument("--write", type=Path, help="the oracle's file")
    parser.add_argument("--figure", type=Path, help="where to draw legs and oracle")
    options = parser.parse_args()
    torch.set_num_threads(1)
    record = Record(options.legs)
    fitted, margin = fit(record)
    oracle = rounded(fitted)
    theirs = real_relays(record.task, options)
    if options.write is not None:
        data, seeds, others = f"{record.task}.jsonl", join(record.seeds), join(options.seeds)
        content = {
            "task": record.task,
            "commands": [
                f"python benchmarks/legs.py {data} --task {record.task} --seeds {seeds}",
                f"python benchmarks/oracle.py {data} --seeds {others} --write {options.write}",
            ],
            "real": {name: spans(theirs, name) for name in ("honest", *CHEATS)},
            "oracle": oracle.to_dict(),
        }
        options.write.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    ours = list(simulated(oracle, GAMES, ROUNDS))
    if options.figure is not None:
        verdicts = [
            (
                f"{a} to {b}" if a < b else f"{a}",
                *(shares(each, "honest", a, b)[0] for each in (theirs, ours)),
            )
            for a, b in SPANS
        ]
        legs_figure(record, oracle, margin, verdicts).savefig(options.figure)
    compare(theirs, ours, len(options.seeds))


def join(numbers: Sequence[int]) -> str:
    """Return numbers as the command line takes them."""
    return " ".join(map(str, numbers))


def spans(rounds: Sequence[Round], strategy: str) -> list[dict[str, object]]:
    """Return the shares of verdicts on a strategy's children in each span of rounds."""
    found = []
    for first, last in SPANS:
        parts, count = shares(rounds, strategy, first, last)
        if count:
            short = [round(part, 4) for part in parts]
            found.append({"rounds": [first, last], "shares": short, "children": count})
    return found


def real_relays(task: str, options: argparse.Namespace) -> list[Round]:
    """Run the real relays, unless they were kept."""
    if options.relays is not None and options.relays.exists():
        return [Round(**json.loads(line)) for line in options.relays.read_text().splitlines()]
    rounds = list(real(task, options.seeds, ROUNDS))
    if options.relays is not None:
        options.relays.write_text("".join(json.dumps(vars(each)) + "\n" for each in rounds))
    return rounds


if __name__ == "__main__":
    main()
