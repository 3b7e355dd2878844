"""``python -m crash``: kill a node at every step of every duty, a run for each, and show what came of it."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from crash.campaign import killed_at, killed_at_each, undisturbed, warm_up

MOMENTS = ("before", "while", "after")


def main() -> int:
    """Print a table of the runs; return 1 if one of them left something else, else 0."""
    parser = argparse.ArgumentParser(prog="python -m crash", description=__doc__)
    parser.add_argument("-j", "--jobs", type=int, default=1, help="runs at a time")
    start = time.monotonic()
    warm_up()
    whole, steps = undisturbed()
    killed: Counter[tuple[str, str]] = Counter()
    same: Counter[tuple[str, str]] = Counter()
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(parser.parse_args().jobs, context) as pool:
        for step, outcome in zip(steps, pool.map(killed_at, range(len(steps))), strict=True):
            moment, _, what = step.where.partition(" ")
            killed[what, moment] += outcome.deaths
            same[what, moment] += outcome.is_like(whole)
            print(f"\r{killed.total()} of {len(steps)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    print(f"| killed at | {' | '.join(MOMENTS)} | same chain, same blobs |\n|---|--:|--:|--:|--:|")
    for what in dict.fromkeys(what for what, _ in killed):
        counts = " | ".join(str(killed[what, moment] or "") for moment in MOMENTS)
        print(f"| {what} | {counts} | {sum(same[what, moment] for moment in MOMENTS)} |")
    each = killed_at_each()
    print(f"| all of these, in one run | | {each.deaths} | | {'yes' if each.is_like(whole) else 'no'} |")
    print(f"\n{killed.total()} runs, {same.total()} the same, {time.monotonic() - start:.0f} s")
    return 0 if killed.total() == same.total() == len(steps) and each.is_like(whole) else 1


if __name__ == "__main__":
    sys.exit(main())
