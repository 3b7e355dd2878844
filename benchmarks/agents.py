"""Measure how fast agents play on the compiled contracts.

``python benchmarks/agents.py`` prints one JSON line for each number of agents: calls that change something
per second of one core (views are not counted), and milliseconds of it per round. All are honest, so most of
the calls are made. ``--raw`` adds how many registrations pyrevm makes when nobody decides anything.
"""

from __future__ import annotations

import argparse
import json
import time

from derelay.sim.machine import Machine
from derelay.sim.relay import Setting, play
from derelay.sim.relay.contracts import create
from derelay.sim.strategies import Honest

RAW_CALLS = 50_000


def measured(agents: int, rounds: int, seed: int) -> dict[str, float]:
    """Return what one relay takes."""
    began = time.process_time()
    outcome = play(Setting(), [Honest()] * agents, rounds, seed)
    seconds = time.process_time() - began
    children = sum(each.children for each in outcome.rounds)
    return {
        "agents": agents,
        "rounds": rounds,
        "children": children,
        "calls": outcome.calls,
        "calls_per_second": round(outcome.calls / seconds),
        "ms_per_round": round(1000 * seconds / rounds, 2),
    }


def raw(calls: int) -> float:
    """Return how many registrations a second the machine makes, encoded beforehand."""
    machine = Machine()
    contracts = create(machine, machine.account(), Setting(), b"g" * 32)
    people = [machine.account() for _ in range(calls)]
    data = contracts.registry.encode("register", b"k" * 32, "url")
    began = time.process_time()
    for who in people:
        machine.send(who, contracts.registry.address, data, 10**16)
    return calls / (time.process_time() - began)


def main() -> None:
    """Run as the module's docstring says."""
    parser = argparse.ArgumentParser(description="Measure how fast agents play.")
    parser.add_argument("--agents", type=int, nargs="+", default=[12, 24, 100])
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--raw", action="store_true")
    options = parser.parse_args()
    if options.raw:
        print(json.dumps({"registrations_per_second": round(raw(RAW_CALLS))}))
    for agents in options.agents:
        print(json.dumps(measured(agents, options.rounds, options.seed)), flush=True)


if __name__ == "__main__":
    main()
