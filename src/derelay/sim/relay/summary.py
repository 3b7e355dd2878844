"""What a played relay came to, strategy by strategy."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import t  # type: ignore[import-untyped]

from derelay.sim.relay.outcome import AgentOutcome, Outcome

GROUPS: dict[str, tuple[str, ...]] = {
    "versions": ("versions",),
    "coins": ("trained", "served", "royalty_coins"),
    "royalties": ("royalties",),
    "fees": ("testing", "closing", "entering"),
    "forfeits": ("forfeits", "slashes"),
    "costs": ("training", "measuring", "interest", "gas"),
}
"""Parts of a utility (`derelay.sim.relay.books.PARTS`), put together for people."""
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Line:
    """The agents of one strategy.

    Attributes
    ----------
    parts
        Mean utility by group of parts, in prices of one version.
    total, reach
        Mean utility, and half of its 95 % interval over the agents; nan for one agent.
    counts
        Verdicts on their children and other counts, together.
    """

    strategy: str
    agents: int
    parts: Mapping[str, float]
    total: float
    reach: float
    counts: Mapping[str, int]


def lines(outcome: Outcome) -> list[Line]:
    """Return a line for each strategy, in the order of the agents."""
    names = dict.fromkeys(agent.name for agent in outcome.agents)
    return [_line(name, outcome.of(name)) for name in names]


def _line(name: str, agents: Sequence[AgentOutcome]) -> Line:
    totals = np.array([agent.total for agent in agents])
    spread = float(totals.std(ddof=1)) if len(agents) > 1 else math.nan
    counts: Counter[str] = Counter()
    for agent in agents:
        counts.update(agent.counts)
    return Line(
        strategy=name,
        agents=len(agents),
        parts={
            group: float(np.mean([sum(agent.utility[part] for part in parts) for agent in agents]))
            for group, parts in GROUPS.items()
        },
        total=float(totals.mean()),
        reach=_quantile(len(agents)) * spread / math.sqrt(len(agents)),
        counts=counts,
    )


def _quantile(count: int) -> float:
    """Return how many standard errors Student's interval of a mean of ``count`` reaches."""
    return float(t.ppf((1 + CONFIDENCE) / 2, count - 1)) if count > 1 else math.nan


def summary(outcome: Outcome) -> dict[str, Any]:
    """Return a played relay as plain values, for programs."""
    last = outcome.rounds[-1]
    return {
        "rounds": last.number,
        "version": last.version,
        "quality": last.quality,
        "supply": last.supply,
        "gini": None if math.isnan(last.gini) else last.gini,
        "calls": outcome.calls,
        "strategies": [
            {
                "strategy": line.strategy,
                "agents": line.agents,
                "utility": line.total,
                "interval95": None
                if math.isnan(line.reach)
                else [line.total - line.reach, line.total + line.reach],
                "parts": dict(line.parts),
                "counts": dict(line.counts),
            }
            for line in lines(outcome)
        ],
    }
