"""Compare ways of learning from cases that many hold, at equal numbers of gradient steps.

``python benchmarks/learning.py --split classes:2 --methods centralized,fedavg,cyclic,relay --json`` prints
one JSON line for each method and seed, a table without ``--json``. Flower's methods (fedavg, fedprox) want
``make bench-env`` first; they average in 10 rounds, or in 40 as ``fedavg:40``, and ``cyclic:40`` goes round
40 times. ``relay-without-course`` and the like leave an ingredient out. Of several rates each method takes
the best: the middle one is tried on a seed that is not among those reported, then higher ones for as long
as that helps, else lower ones.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from statistics import mean, stdev
from typing import Any

import torch

sys.path.insert(0, str(Path(__file__).resolve().parent))
from learners.federated import averaged
from learners.outcome import Outcome
from learners.problem import Problem, load
from learners.relay import relay
from learners.sequential import centralized, cyclic
from learners.sharing import shares_of
from learners.skewed import INGREDIENTS, Skewed
from learners.tuning import Trials, best_of, climbed

from derelay.rules.parameters import OPEN

ROUNDS = 10
"""Rounds of averaging, or laps of a cycle, unless a method says otherwise."""
TUNING_SEED = 1000


SETTING = ("data", "split", "holders", "dishonest", "leg", "z_fail", "rehearsal")
"""Arguments that rows tell besides the method's; the last four are the relay's."""


def main() -> None:
    """Run and print."""
    arguments = _arguments()
    torch.set_num_threads(1)
    problem = load(arguments.data, arguments.folder)
    trials = Trials(arguments.trials)
    rows: list[dict[str, Any]] = []
    for method in arguments.methods.split(","):
        tried = _tried(problem, method, trials, arguments)
        rate = best_of(tried) if tried else arguments.rates[0]
        setting = {name: getattr(arguments, name) for name in SETTING}
        for seed in range(1, arguments.seeds + 1):
            _say(f"{method}, seed {seed}, rate {rate}")
            outcome = _run(problem, method, rate, seed, arguments)
            told = {"method": method, "seed": seed, **setting, "rate": rate, "tried": tried}
            rows.append({**told, **asdict(outcome)})
            _say(f"{method}, seed {seed}: {100 * outcome.accuracy:.1f} % in {outcome.seconds:.0f} s")
            if arguments.json:
                print(json.dumps(rows[-1]), flush=True)
    if not arguments.json:
        print("\n".join(_table(rows)))


def _run(problem: Problem, method: str, rate: float, seed: int, arguments: argparse.Namespace) -> Outcome:
    shares = shares_of(problem, arguments.split, arguments.holders, seed)
    steps = arguments.steps
    name, _, without = method.partition("-without-")
    if name == "relay":
        task = Skewed(problem, rate, arguments.rehearsal, frozenset(without.split("-") if without else ()))
        task.steps = arguments.leg
        parameters = replace(OPEN, z_fail=arguments.z_fail)
        return relay(problem, shares, steps, task, parameters, arguments.dishonest, seed)
    if method == "centralized":
        return centralized(problem, shares, steps, rate, seed)
    name, _, told = method.partition(":")
    rounds = int(told or ROUNDS)
    if steps < rounds * len(shares):
        raise ValueError(f"{method}: {rounds} rounds of {len(shares)} holders want more --steps than {steps}")
    if name == "cyclic":
        return cyclic(problem, shares, steps, rounds, rate, seed)
    proximity = {"fedavg": 0.0, "fedprox": arguments.proximity}[name]
    return averaged(problem, shares, steps, rounds, rate, seed, proximity)


def _tried(
    problem: Problem, method: str, trials: Trials, arguments: argparse.Namespace
) -> dict[float, float]:
    """Return how rates do on the tuning seed; nothing if there is no choice."""
    if len(arguments.rates) == 1:
        return {}
    split = (arguments.data, arguments.split, arguments.holders)
    method_of = (
        method,
        arguments.steps,
        arguments.leg,
        arguments.dishonest,
        arguments.z_fail,
        arguments.rehearsal,
        arguments.proximity,
    )

    def accuracy(rate: float) -> float:
        found = trials.accuracy(
            (*split, *method_of, rate),
            lambda: _run(problem, method, rate, TUNING_SEED, arguments).accuracy,
        )
        _say(f"{method} at rate {rate}: {100 * found:.1f} %")
        return found

    return climbed(arguments.rates, accuracy)


def _table(rows: Sequence[dict[str, Any]]) -> list[str]:
    lines = [
        "| method | accuracy, % | worst drop, points | MB a holder | overhead, s a leg |",
        "|---|---|---|---|---|",
    ]
    for method in dict.fromkeys(row["method"] for row in rows):
        of = [row for row in rows if row["method"] == method]
        accuracies = [100 * row["accuracy"] for row in of]
        spread = f" ± {stdev(accuracies):.1f}" if len(of) > 1 else ""
        overheads = [row["overhead_s_per_leg"] for row in of if row["overhead_s_per_leg"] is not None]
        cells = (
            method,
            f"{mean(accuracies):.1f}{spread}",
            f"{100 * max(row['worst_drop'] for row in of):.1f}",
            f"{mean(row['bytes_per_holder'] for row in of) / 1e6:.1f}",
            f"{mean(overheads):.2f}" if overheads else "",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", default="fashion", help="fashion, digits, imdb, heart, or FILE.npz")
    parser.add_argument(
        "--folder", type=Path, default=Path("../shared/data"), help="where imdb and heart are"
    )
    parser.add_argument("--split", default="dirichlet:0.1", help="dirichlet:A, iid, classes:K, natural")
    parser.add_argument("--holders", type=int, default=10)
    parser.add_argument(
        "--methods",
        default="centralized,fedavg,cyclic,relay",
        help="also fedprox, fedavg:ROUNDS, fedprox:ROUNDS, cyclic:LAPS, "
        f"and relay-without-X, X of {', '.join(INGREDIENTS)}",
    )
    parser.add_argument("--steps", type=int, default=4000, help="gradient steps of all trainers together")
    parser.add_argument("--leg", type=int, default=10, help="gradient steps of a relay's leg")
    parser.add_argument("--rates", type=float, nargs="+", default=[0.1], help="learning rates to choose from")
    parser.add_argument(
        "--trials", type=Path, help="file that keeps how rates did, for not trying them again"
    )
    parser.add_argument("--proximity", type=float, default=0.01, help="weight of FedProx's anchor")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument(
        "--dishonest", type=float, default=0.0, help="share of the relay's holders that cheat"
    )
    parser.add_argument("--z-fail", type=int, default=OPEN.z_fail, help="how sure a fail is, see Parameters")
    parser.add_argument(
        "--rehearsal", type=float, default=Skewed.rehearsal, help="of the relay's task, see Supervised"
    )
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
