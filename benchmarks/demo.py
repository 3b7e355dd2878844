"""Measure whole relays, as `derelay demo` runs them: how good, who paid, what the chain costs.

``python benchmarks/demo.py --seeds 1 2 3 4 5`` prints one JSON line for each seed and one for all of
them; ``--task text`` takes another task, ``--dishonest 0`` and others as in the command. A run of digits
takes less than a minute on one core.
"""

from __future__ import annotations

import argparse
import json
from statistics import mean
from typing import Any

import derelay as dr
from derelay.local.result import Result


def measured(result: Result) -> dict[str, Any]:
    """Return what one run says."""
    cheats = [person for person in result.participants if not person.honest]
    losers = [person for person in result.participants if person.honest and person.net.native < 0]
    children = [child for each in result.rounds for child in each.children]
    honest = {person.name for person in result.participants if person.honest}
    seconds = result.seconds
    return {
        "task": result.task,
        "seed": result.seed,
        "metrics": result.head.metrics,
        "alone": result.baseline.metrics["alone_mean"],
        "centralized": result.baseline.metrics["centralized"],
        "centralized_lineage_steps": result.baseline.metrics["centralized_lineage_steps"],
        "cheats_children": sum(child.trainer not in honest for child in children),
        "cheats_passed": sum(person.passed for person in cheats),
        "cheats_undecided": sum(person.undecided for person in cheats),
        "cheats_best_training_income": max(
            (person.income["training"].native / result.price for person in cheats if person.admitted),
            default=0,
        ),
        "honest": len(honest),
        "honest_negative": len(losers),
        "honest_negative_though_never_failed": sum(not (person.failed + person.missing) for person in losers),
        "chain_and_other_per_round": (seconds.chain + seconds.other) / len(result.rounds),
        "seconds": seconds.total,
        "head": result.head.id,
        "version": result.head.version,
    }


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--task", default="digits")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--alpha", type=float, default=0.3)
    parser.add_argument("--dishonest", default="2")
    arguments = parser.parse_args()
    cheats = arguments.dishonest
    rows = []
    for seed in arguments.seeds:
        result = dr.demo(
            arguments.task,
            seed=seed,
            rounds=arguments.rounds,
            alpha=arguments.alpha,
            dishonest=int(cheats) if cheats.isdecimal() else cheats.split(","),
        )
        rows.append(measured(result))
        print(json.dumps(rows[-1]), flush=True)
    scores = [row["metrics"]["accuracy"] for row in rows]
    summary = {
        "task": arguments.task,
        "seeds": arguments.seeds,
        "accuracy_mean": mean(scores),
        "accuracy_worst": min(scores),
        "above_alone_least": min(row["metrics"]["accuracy"] - row["alone"]["accuracy"] for row in rows),
        "cheats_best_training_income": max(row["cheats_best_training_income"] for row in rows),
        "cheats_passed": sum(row["cheats_passed"] for row in rows),
        "cheats_children": sum(row["cheats_children"] for row in rows),
        "honest_negative": sum(row["honest_negative"] for row in rows),
        "honest": sum(row["honest"] for row in rows),
        "honest_negative_though_never_failed": sum(
            row["honest_negative_though_never_failed"] for row in rows
        ),
        "chain_and_other_per_round": mean(row["chain_and_other_per_round"] for row in rows),
        "seconds_mean": mean(row["seconds"] for row in rows),
    }
    if "bits_per_character" in rows[0]["metrics"]:
        summary["bits_over_centralized"] = mean(
            row["metrics"]["bits_per_character"] / row["centralized"]["bits_per_character"] for row in rows
        )
    print(json.dumps(summary))


if __name__ == "__main__":
    main()
