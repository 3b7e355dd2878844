"""All that a plan's games say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

from derelay.sim.game.arena import Watch, play_all
from derelay.sim.game.coalition import Held, held_off
from derelay.sim.game.deviation import Deviation, Effect
from derelay.sim.game.dynamics import Flow
from derelay.sim.game.game import Game, Score
from derelay.sim.game.interval import Interval, interval, surely_positive
from derelay.sim.game.knobs import Changes
from derelay.sim.game.plan import Plan
from derelay.sim.game.region import Cell, Region


@dataclass(frozen=True)
class Finding:
    """What a deviation came to under some parameters, in some economy.

    Attributes
    ----------
    sure
        Whether it surely pays, all deviations of the study in this economy considered (Holm).
    """

    changes: Changes
    economy: str
    effect: Effect
    sure: bool = False

    @property
    def deviation(self) -> Deviation:
        """What was played."""
        return self.effect.deviation

    @property
    def gain(self) -> Interval:
        """A member's gain per round."""
        return interval(self.effect.gain)

    @property
    def answer(self) -> str:
        """Whether deviating pays: yes, no (the interval is nowhere above zero), or unclear."""
        return "yes" if self.sure else "no" if self.gain.high <= 0 else "unclear"


@dataclass(frozen=True)
class Findings:
    """What a plan's games say, study by study.

    Attributes
    ----------
    held
        By parameters, economy, size of the relay and strategy.
    """

    plan: Plan
    games: int
    seconds: float
    deviations: tuple[Finding, ...]
    coalitions: tuple[Finding, ...]
    held: Mapping[tuple[Changes, str, int, str], Held]
    flows: tuple[Flow, ...]
    regions: tuple[tuple[Region, list[Cell]], ...]


def find(plan: Plan, jobs: int = 1, watch: Watch | None = None) -> Findings:
    """Play a plan's games and value them.

    Raises
    ------
    GameError
        If some of them cannot be played.
    """
    begin = perf_counter()
    scores = play_all(plan.games(), jobs, watch)
    chosen = plan.economies(plan.sets[0])[plan.economy]
    coalitions = tuple(_valued(plan, scores, plan.coalitions()))
    return Findings(
        plan=plan,
        games=len(scores),
        seconds=perf_counter() - begin,
        deviations=tuple(_valued(plan, scores, plan.deviations())),
        coalitions=coalitions,
        held={
            key: held_off([each.effect for each in group])
            for key, group in _grouped(coalitions, _relay).items()
        },
        flows=tuple(mixes.measure(scores, chosen) for mixes in plan.dynamics()),
        regions=tuple((region, region.measure(scores, chosen)) for region in plan.regions()),
    )


def _valued(
    plan: Plan, scores: Mapping[Game, Score], deviations: list[tuple[Changes, Deviation]]
) -> Iterator[Finding]:
    """Value deviations in every economy; those in one economy are tested together."""
    found = [
        Finding(changes, name, deviation.measure(scores, economy))
        for changes, deviation in deviations
        for name, economy in plan.economies(changes).items()
    ]
    for group in _grouped(found, lambda finding: finding.economy).values():
        sure = surely_positive([each.gain for each in group])
        yield from (replace(each, sure=yes) for each, yes in zip(group, sure, strict=True))


def _relay(finding: Finding) -> tuple[Changes, str, int, str]:
    return finding.changes, finding.economy, finding.deviation.agents, finding.deviation.strategy


def _grouped(findings: Iterable[Finding], key: Callable[[Finding], Any]) -> dict[Any, list[Finding]]:
    groups: dict[Any, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(key(finding), []).append(finding)
    return groups
