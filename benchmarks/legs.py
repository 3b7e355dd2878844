"""Record what children of every kind are measured at: the data that simulated training is fitted to.

Relays of twelve run without a chain, as in `verdicts.py`: seven drawn participants train, the other five
elect the head; all of them are honest. In every round, all participants but its maker measure, each on its
held-out cases,

- the honest children, at a quarter of the step, at half and at the whole step;
- beside them, and never used further: legs on flipped labels, legs with a tenth of the steps and with one
  step, the head with noise;
- pools of two, four and seven of the honest children, as the voters would.

``python benchmarks/legs.py digits.jsonl --task digits --seeds 1 2 3`` writes one JSON line for each model
measured. A seed of digits takes about a minute on one core, one of text ten.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from verdicts import ALPHA, CHOSEN, PARTICIPANTS, TRAINERS, Child, elect, measure, noisy, state_of, trained

from derelay.learn import State, Task, Yardstick, load_task, pooled, split
from derelay.rules.parameters import OPEN
from derelay.rules.units import NANO

STEPS = (0.25, 0.5, 1.0)
CHEATS_STEPS = (0.25, 1.0)
NOISE = (0.01, 0.05, 0.15, 0.3)
POOLS = (2, 4, 7)
CHEATS = 3
"""Trainers of a round whose places are also tried by cheats."""


def cheats(task: Task, head: State, own: Any, generator: torch.Generator) -> dict[str, State]:
    """Return what those who do not train honestly make of a head."""
    tenth = max(1, task.steps // 10)
    return {
        "poison": trained(task, head, task.poison(own), task.steps, generator),
        "tenth": trained(task, head, own, tenth, generator),
        "one step": trained(task, head, own, 1, generator),
    } | {f"noise {share:g}": noisy(head, share, generator) for share in NOISE}


def row(yardsticks: Sequence[Yardstick | None], model: State, step: float, **about: Any) -> dict[str, Any]:
    """Return what everyone measures of a model; nothing where there is no yardstick."""
    gains = [None if each is None else each.gain(model, step) for each in yardsticks]
    return about | {
        "step": step,
        "gains": [None if gain is None else gain.mean_nano / NANO for gain in gains],
        "errors": [None if gain is None else gain.se_nano / NANO for gain in gains],
    }


def record(task: Task, seed: int, rounds: int) -> Iterator[dict[str, Any]]:
    """Run one relay; yield the rows of all its rounds."""
    generator = torch.Generator().manual_seed(seed)
    cases, _ = task.cases()
    shares = split(cases, PARTICIPANTS, ALPHA, generator, task.held_out)
    genesis = head = state_of(task.model())
    since = [Yardstick(task, genesis, share.held_out, 1e9) for share in shares]
    for number in range(rounds):
        about = {"task": task.name, "seed": seed, "round": number}
        yield row(since, head, 1.0, kind="head", **about)
        order = torch.randperm(PARTICIPANTS, generator=generator).tolist()
        trainers, testers = order[:TRAINERS], order[TRAINERS:]
        yardsticks = [Yardstick(task, head, share.held_out, OPEN.clip / NANO) for share in shares]
        honest = {who: trained(task, head, shares[who].train, task.steps, generator) for who in trainers}
        judged = []
        for who, child in honest.items():
            others = [None if who == i else yardstick for i, yardstick in enumerate(yardsticks)]
            for step in STEPS:
                yield row(others, child, step, kind="honest", trainer=who, **about)
            seats = measure([yardsticks[i] for i in testers], child, CHOSEN.step)
            judged.append((CHOSEN.join(seats), CHOSEN.judge(Child("", 0, {CHOSEN.step: seats})), child))
        for who in trainers[:CHEATS]:
            others = [None if who == i else yardstick for i, yardstick in enumerate(yardsticks)]
            for kind, child in cheats(task, head, shares[who].train, generator).items():
                for step in CHEATS_STEPS:
                    yield row(others, child, step, kind=kind, trainer=who, **about)
        for size in POOLS:
            pool = pooled(head, [honest[who] for who in trainers[-size:]], CHOSEN.step)
            outside = [None if i in trainers[-size:] else y for i, y in enumerate(yardsticks)]
            yield row(outside, pool, 1.0, kind="pool", size=size, **about)
        head = elect(head, judged, [yardsticks[i] for i in testers]) or head


def main() -> None:
    """Run as the module's docstring says."""
    parser = argparse.ArgumentParser(description="Record what children of every kind are measured at.")
    parser.add_argument("data", type=Path, help="where to write JSON lines")
    parser.add_argument("--task", default="digits")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--rounds", type=int, default=24)
    options = parser.parse_args()
    torch.set_num_threads(1)
    task = load_task(options.task)
    with options.data.open("w", encoding="utf-8") as file:
        for seed in options.seeds:
            for line in record(task, seed, options.rounds):
                file.write(json.dumps(line) + "\n")
            file.flush()


if __name__ == "__main__":
    main()
