"""Measure `derelay simulate paper`: how fast it is, beside plainer ways to the same numbers.

``python benchmarks/paper.py`` prints one JSON line each:

- reference: 5,000 rounds of 256 participants, the authors' run to the last bit. Beside it the 596 s
  that the authors' own script took for them, measured once on a machine like the one these
  benchmarks were written on, and not again here;
- plain: the same numbers by walking every lineage (``tests/sim/quadratic.py``), for fewer rounds, and
  the reference for as many, measured here and now. The ratio grows with the rounds, because what is
  walked does. (The authors' script is slower still: it also searches all models that anyone ever
  trained, after every round.)
- fast: the default random numbers, the same size;
- large: a million participants for 1,000 rounds (``--large 0`` leaves it out), with the peak of memory.

``seconds`` are by the clock, ``processor_seconds`` those of this process: they differ on a busy machine.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from derelay.sim.paper import Parameters, Rng, simulate

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "sim"))
from quadratic import QuadraticRelay

AUTHORS_SECONDS = 596
"""Of the authors' script for 5,000 rounds of 256 participants, CPython 3.11."""


def measured(work: Callable[[], object]) -> dict[str, float]:
    """Return what it takes to do something once."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return {
        "seconds": time.perf_counter() - clock,
        "processor_seconds": time.process_time() - processor,
    }


def plain(parameters: Parameters) -> None:
    """Play all rounds by walking every lineage."""
    relay = QuadraticRelay(
        parameters.participants, parameters.seed, parameters.k, parameters.survive, parameters.delivery
    )
    for _ in range(parameters.rounds):
        relay.play()


def line(what: str, parameters: Parameters, **values: Any) -> None:
    """Print a result."""
    size = {"participants": parameters.participants, "rounds": parameters.rounds}
    print(json.dumps({"what": what, **size, **values}), flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5000)
    parser.add_argument("--plain-rounds", type=int, default=2000)
    parser.add_argument("--large", type=int, default=1_000_000, metavar="PARTICIPANTS")
    parser.add_argument("--large-rounds", type=int, default=1000)
    arguments = parser.parse_args()

    whole = Parameters(rounds=arguments.rounds, rng=Rng.REFERENCE)
    spent = measured(lambda: simulate(whole))
    if whole.rounds == Parameters().rounds:
        spent |= {
            "authors_seconds_quoted": AUTHORS_SECONDS,
            "times_as_fast_as_quoted": AUTHORS_SECONDS / spent["seconds"],
        }
    line("reference", whole, **spent)

    fewer = Parameters(rounds=arguments.plain_rounds, rng=Rng.REFERENCE)
    walked, ours = measured(lambda: plain(fewer)), measured(lambda: simulate(fewer))
    ratio = walked["processor_seconds"] / ours["processor_seconds"]
    line("plain", fewer, **walked, reference=ours, reference_times_as_fast=ratio)

    default = Parameters(rounds=arguments.rounds)
    line("fast", default, **measured(lambda: simulate(default)))

    if arguments.large:
        large = Parameters(participants=arguments.large, rounds=arguments.large_rounds)
        spent = measured(lambda: simulate(large))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20  # Linux counts KiB
        line("large", large, **spent, peak_gib=peak)


if __name__ == "__main__":
    main()
