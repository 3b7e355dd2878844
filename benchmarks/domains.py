"""Domains of text, each at a holder of its own: perplexity on all of them, head by head.

python benchmarks/domains.py examples/smollm2.py [--rounds N] [--json]
"""

import argparse
import json
import math
import time

import derelay as dr
from derelay.learn.hf import CausalLanguageTask
from derelay.local.moment import Moment
from derelay.local.result import Result


def main() -> None:
    """Run the relay, and print a row for each head and each way to train without a relay."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("task", help="a file with a causal language task")
    parser.add_argument("--rounds", type=int, help="as the task proposes, unless given")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true", help="one JSON line a row")
    asked = parser.parse_args()
    task = dr.load_task(asked.task)
    assert isinstance(task, CausalLanguageTask)
    began = time.monotonic()
    before = task.metrics(task.model(), task.cases()[1])
    result = dr.demo(
        task,
        participants=len(task.texts()),
        rounds=asked.rounds,
        dishonest=0,
        alpha=0,
        seed=asked.seed,
        watch=_tell,
    )
    rows = [{"model": "before, v0", "steps": 0, **before}, *_heads(result, task.steps), *_pooled(result)]
    if asked.json:
        print("\n".join(map(json.dumps, rows)))
    else:
        _show(rows)
        print(f"\nall steps {result.steps.total}; {time.monotonic() - began:.0f} s in all")


def _tell(moment: Moment) -> None:
    print(f"round {moment.round}/{moment.rounds} {moment.phase.name}: {'; '.join(moment.lines)}", flush=True)


def _heads(result: Result, leg: int) -> list[dict[str, object]]:
    heads = {each.version: each for each in reversed(result.rounds) if each.version}
    return [
        {"model": f"head v{version}", "steps": version * leg, **heads[version].metrics}
        for version in sorted(heads)
    ]


def _pooled(result: Result) -> list[dict[str, object]]:
    metrics, steps = result.baseline.metrics, result.steps
    return [
        {"model": "pooled, as many steps one after the other", "steps": steps.lineage}
        | metrics["centralized_lineage_steps"],
        {"model": "pooled, as many steps in all", "steps": steps.total} | metrics["centralized"],
        {"model": "each domain alone, mean", "steps": math.ceil(steps.total / len(result.participants))}
        | metrics["alone_mean"],
    ]


def _show(rows: list[dict[str, object]]) -> None:
    names = [name for name in rows[0] if name.startswith("perplexity")]
    heads = [name.removeprefix("perplexity_") if "_" in name else "all" for name in names]
    print("| " + " | ".join(["model", "steps", *heads]) + " |")
    print("|---" * (len(names) + 2) + "|")
    for row in rows:
        values = [f"{row[name]:.1f}" for name in names]
        print("| " + " | ".join([str(row["model"]), str(row["steps"]), *values]) + " |")


if __name__ == "__main__":
    main()
