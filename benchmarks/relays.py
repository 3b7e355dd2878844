"""Whole relays, real and simulated, reduced to the same rows: verdicts, elections, coins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import derelay as dr
from derelay.sim.oracle import Oracle
from derelay.sim.relay import Setting, play
from derelay.sim.strategies import Honest, Strategy
from derelay.sim.strategies.free_riders import Noise, Poisoner

HONEST = 10
CHEATS = {"free-rider": Noise(), "poisoner": Poisoner()}
"""Strategies of the demo's nodes, and the same of simulated agents."""
VERDICTS = ("pass", "undecided", "fail")


@dataclass(frozen=True)
class Round:
    """A round of a relay: verdicts by strategy and verdict, what was elected, coins minted."""

    number: int
    verdicts: dict[str, dict[str, int]]
    candidate: str
    minted: float


def real(task: str, seeds: Sequence[int], rounds: int) -> Iterator[Round]:
    """Run the demo with its two usual cheats; yield all its rounds."""
    for seed in seeds:
        result = dr.demo(task, seed=seed, rounds=rounds, dishonest=list(CHEATS))
        strategy = {person.name: person.strategy for person in result.participants}
        for each in result.rounds:
            told = ((strategy[child.trainer], child.verdict) for child in each.children)
            yield Round(each.number, _count(told), each.candidate or "", each.minted)


def simulated(oracle: Oracle, seeds: Sequence[int], rounds: int) -> Iterator[Round]:
    """Play the same cast on the same contracts, training and testing by the oracle."""
    agents: list[Strategy] = [*[Honest()] * HONEST, *CHEATS.values()]
    names = ["honest"] * HONEST + list(CHEATS)
    for seed in seeds:
        told: list[tuple[int, int, str]] = []
        outcome = play(Setting(oracle=oracle), agents, rounds, seed)
        for agent in outcome.agents:
            told += [(number, agent.index, verdict.name.lower()) for number, verdict in agent.verdicts]
        for each in outcome.rounds:
            mine = [(names[who], said) for number, who, said in told if number == each.number]
            yield Round(each.number, _count(mine), each.candidate, each.minted)


def _count(told: Iterable[tuple[str, str]]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for strategy, verdict in told:
        of = counts.setdefault(strategy, {})
        of[verdict] = of.get(verdict, 0) + 1
    return counts


def shares(rounds: Iterable[Round], strategy: str, first: int, last: int) -> tuple[list[float], int]:
    """Return the shares of `VERDICTS` on a strategy's children in some rounds, and how many these are."""
    counts: dict[str, int] = dict.fromkeys(VERDICTS, 0)
    for each in rounds:
        if first <= each.number <= last:
            for verdict in VERDICTS:
                counts[verdict] += each.verdicts.get(strategy, {}).get(verdict, 0)
    total = sum(counts.values())
    return [count / total if total else float("nan") for count in counts.values()], total


def totals(rounds: Sequence[Round], relays: int) -> dict[str, Any]:
    """Return what a relay comes to, in the mean: coins, and how often each candidate was elected."""
    elected = [each.candidate or "kept" for each in rounds]
    kinds = ("pooled", "passed", "best", "kept")
    return {"minted": sum(each.minted for each in rounds) / relays} | {
        kind: elected.count(kind) / relays for kind in kinds
    }
