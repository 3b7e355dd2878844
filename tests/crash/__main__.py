"""``python -m crash``: kill a node at every step of every duty, a run for each, and show what came of it."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from crash.campaign import killed_at, killed_at_each, undisturbed, warm_up
from crash.world import Outcome, Step
from derelay.local.devnet import Devnet
from devnets import MovableChain

MOMENTS = ("before", "while", "after")


def main() -> int:
    """Print what came of all runs; return 1 if one of them left something else, else 0."""
    parser = argparse.ArgumentParser(prog="python -m crash", description=__doc__)
    parser.add_argument("-j", "--jobs", type=int, default=1, help="runs at a time")
    jobs = parser.parse_args().jobs
    start = time.monotonic()
    warm_up()
    whole, steps = undisturbed()
    same = _alone(whole, steps, jobs) & _in_one_run(whole) & _on_anvil(whole)
    print(f"{time.monotonic() - start:.0f} s")
    return 0 if same else 1


def _alone(whole: Outcome, steps: list[Step], jobs: int) -> bool:
    """Kill at each step in a run of its own."""
    killed: Counter[tuple[str, str]] = Counter()
    same: Counter[str] = Counter()
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("fork")) as pool:
        for step, outcome in zip(steps, pool.map(killed_at, range(len(steps))), strict=True):
            moment, _, what = step.where.partition(" ")
            killed[what, moment] += outcome.deaths
            same[what] += outcome.is_like(whole)
            print(f"\r{killed.total()} of {len(steps)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    print(f"| killed at | {' | '.join(MOMENTS)} | same chain, same blobs |\n|---|--:|--:|--:|--:|")
    for what, count in same.items():
        print(f"| {what} | {' | '.join(str(killed[what, moment] or '') for moment in MOMENTS)} | {count} |")
    print(f"\n{killed.total()} runs with a death each, {same.total()} left the same to the bit")
    return same.total() == killed.total() == len(steps)


def _in_one_run(whole: Outcome) -> bool:
    each = killed_at_each()
    print(f"a run with {each.deaths} deaths {'left the same' if each.is_like(whole) else 'differs'}")
    return each.is_like(whole)


def _on_anvil(whole: Outcome) -> bool:
    with Devnet() as devnet:
        each = killed_at_each(chain=MovableChain(devnet.url))
    print(
        f"a run with {each.deaths} deaths on anvil: {each.version} heads, "
        f"{each.failures} transactions failed, {len(each.orphans)} blocks lost"
    )
    return each.version == whole.version and not each.failures and not each.orphans


if __name__ == "__main__":
    sys.exit(main())
