"""What is to be played: studies, relays, strategies, seeds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from derelay.sim.game.coalition import SHARES, members
from derelay.sim.game.deviation import Deviation
from derelay.sim.game.dynamics import Mixes
from derelay.sim.game.economies import DEFAULT, ECONOMIES, economy
from derelay.sim.game.errors import GameError
from derelay.sim.game.game import Game
from derelay.sim.game.knobs import Changes
from derelay.sim.game.region import PAIRS, VALUES, Region
from derelay.sim.oracle import Oracle, OracleError
from derelay.sim.relay import Economy, Setting
from derelay.sim.strategies import STRATEGIES, Honest

STUDIES = ("deviations", "coalitions", "dynamics", "regions")
DEVIATIONS = tuple(name for name in STRATEGIES if name != Honest.name)
FEWEST_AGENTS, MOST_AGENTS = 4, 512
MOST_IN_MIXES = 24


@dataclass(frozen=True)
class Plan:
    """Games to be played; valued in every economy, where a study does not say otherwise in one.

    Attributes
    ----------
    agents
        Sizes of relays; dynamics and regions play the first.
    seeds
        How many games of each kind: seeds 1, 2, ...
    economy
        In which coalitions, dynamics and regions are valued.
    sets
        Sets of parameters; dynamics and regions play the first.
    triples
        Two strategies each, whose mixes with honesty are played; each alone with honesty always is.
    pairs
        Two knobs each, over which a region is drawn.

    Raises
    ------
    GameError
        If it cannot be played.
    """

    studies: tuple[str, ...] = STUDIES[:1]
    task: str = "digits"
    strategies: tuple[str, ...] = DEVIATIONS
    agents: tuple[int, ...] = (12, 24)
    rounds: int = 40
    seeds: int = 16
    shares: tuple[float, ...] = SHARES
    economy: str = DEFAULT
    sets: tuple[Changes, ...] = (Changes(),)
    triples: tuple[tuple[str, str], ...] = ()
    pairs: tuple[tuple[str, str], ...] = PAIRS

    def __post_init__(self) -> None:
        for kind, known, named in (
            ("study", STUDIES, self.studies),
            ("strategy", DEVIATIONS, (*self.strategies, *(name for pair in self.triples for name in pair))),
            ("economy", tuple(ECONOMIES), (self.economy,)),
            ("values for parameter", tuple(VALUES), tuple(name for pair in self.pairs for name in pair)),
        ):
            for name in named:
                if name not in known:
                    raise GameError(f"no {kind} '{name}': choose from {', '.join(known)}")
        for what, some in (("strategies", self.strategies), ("agents", self.agents), ("shares", self.shares)):
            if not some:
                raise GameError(f"no {what}: give at least one")
        for what, number, fewest, most in (
            *(("agents", each, FEWEST_AGENTS, MOST_AGENTS) for each in self.agents),
            ("rounds", self.rounds, 1, 100_000),
            ("seeds", self.seeds, 2, 10_000),
        ):
            if not fewest <= number <= most:
                raise GameError(f"{number} {what}: give {fewest} to {most:,}")
        for share in self.shares:
            if not 0 < share < 1:
                raise GameError(f"a coalition of {share:.0%}: give more than 0 and less than 100 %")
        if "dynamics" in self.studies and self.agents[0] > MOST_IN_MIXES:
            raise GameError(
                f"all mixes of {self.agents[0]} agents: give at most {MOST_IN_MIXES}, or no dynamics"
            )
        for changes in self.sets:
            changes.setting(self._base)

    # ---- what each study plays

    def deviations(self) -> list[tuple[Changes, Deviation]]:
        """Return every strategy, played by one among the honest."""
        return (
            [each for each in self._deviations() if each[1].members == 1] if self._wants("deviations") else []
        )

    def coalitions(self) -> list[tuple[Changes, Deviation]]:
        """Return every strategy, played by coalitions."""
        return list(self._deviations()) if self._wants("coalitions") else []

    def dynamics(self) -> list[Mixes]:
        """Return the mixes of honesty with each strategy, and with each two that are asked for."""
        if not self._wants("dynamics"):
            return []
        setting = self.sets[0].setting(self._base)
        groups = [(name,) for name in self.strategies]
        return [
            Mixes(setting, (Honest.name, *names), self.agents[0], self.rounds, self._seeds)
            for names in (*groups, *self.triples)
        ]

    def regions(self) -> list[Region]:
        """Return the grids over two knobs."""
        if not self._wants("regions"):
            return []
        setting = self.sets[0].setting(self._base)
        return [
            Region(
                setting,
                (across, VALUES[across]),
                (up, VALUES[up]),
                self.strategies,
                self.agents[0],
                self.rounds,
                self._seeds,
            )
            for across, up in self.pairs
        ]

    def games(self) -> Iterator[Game]:
        """Yield all games of all studies; many of them more than once."""
        for _, deviation in (*self.deviations(), *self.coalitions()):
            yield from deviation.games()
        for mixes in self.dynamics():
            yield from mixes.games()
        for region in self.regions():
            yield from region.games()

    def economies(self, changes: Changes) -> dict[str, Economy]:
        """Return all economies, with changes."""
        learnable = self._base.oracle.learnable
        return {name: changes.economy(economy(name, learnable)) for name in ECONOMIES}

    # ----

    @property
    def _seeds(self) -> tuple[int, ...]:
        return tuple(range(1, self.seeds + 1))

    @cached_property
    def _base(self) -> Setting:
        try:
            return replace(Setting(), oracle=Oracle.of(self.task))
        except OracleError as error:
            raise GameError(str(error)) from error

    def _wants(self, study: str) -> bool:
        return study in self.studies

    def _deviations(self) -> Iterator[tuple[Changes, Deviation]]:
        for changes in self.sets:
            setting = changes.setting(self._base)
            for agents in self.agents:
                for name in self.strategies:
                    for count in sorted({1, *members(agents, self.shares)}):
                        yield changes, Deviation(setting, name, agents, count, self.rounds, self._seeds)
