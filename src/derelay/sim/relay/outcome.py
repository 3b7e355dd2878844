"""What a game came to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from derelay.rules.verdict import Verdict
from derelay.sim.strategies.strategy import Strategy


@dataclass(frozen=True)
class AgentOutcome:
    """One agent at the end.

    Attributes
    ----------
    utility
        In prices of one version, by part (`derelay.sim.relay.books.PARTS`).
    counts
        How often it entered, was admitted, passed, was undecided, failed, was missing or void, was drawn,
        tested (children), voted, was slashed.
    verdicts
        On its children: (round, verdict).
    coins
        That it earned, royalties included.
    newest
        Newest version that it was granted.
    """

    index: int
    strategy: Strategy
    utility: Mapping[str, float]
    counts: Mapping[str, int]
    verdicts: tuple[tuple[int, Verdict], ...]
    coins: float
    newest: int

    @property
    def name(self) -> str:
        """Name of its strategy."""
        return self.strategy.name

    @property
    def total(self) -> float:
        """Sum of all parts."""
        return sum(self.utility.values())


@dataclass(frozen=True)
class RoundReport:
    """One round.

    Attributes
    ----------
    version
        Of the head after it.
    quality
        Nats per case that the head has truly gained over genesis.
    gain
        What it truly gained in this round; zero if it stayed.
    candidate
        What was elected: pooled, passed or best; empty if the head stayed.
    minted
        Coins, royalties included.
    verdicts
        On children, by name.
    gini
        Of the coins of all agents; nan before there are any.
    """

    number: int
    version: int
    quality: float
    gain: float
    candidate: str
    minted: float
    entered: int
    admitted: int
    children: int
    verdicts: Mapping[str, int]
    supply: float
    gini: float


@dataclass(frozen=True)
class Outcome:
    """A game: its agents in the order given, its rounds, and how many calls it took."""

    agents: tuple[AgentOutcome, ...]
    rounds: tuple[RoundReport, ...]
    calls: int

    def of(self, name: str) -> list[AgentOutcome]:
        """Return the agents of a strategy."""
        return [agent for agent in self.agents if agent.name == name]


def gini(amounts: Sequence[float]) -> float:
    """Return the Gini coefficient: 0 if all have the same, near 1 if one has all, nan if there is nothing."""
    ranked = np.sort(np.asarray(amounts, dtype=float))
    total = ranked.sum()
    if total <= 0:
        return float("nan")
    ranks = np.arange(1, len(ranked) + 1)
    return float((2 * ranks - len(ranked) - 1) @ ranked / (len(ranked) * total))
