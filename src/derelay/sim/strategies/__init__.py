"""Strategies of simulated participants, each by what it does differently from the honest one."""

from derelay.sim.strategies.cast import STRATEGIES, MixError, cast, read_mix, strategy_named
from derelay.sim.strategies.strategy import Coalition, Honest, Strategy

__all__ = ["STRATEGIES", "Coalition", "Honest", "MixError", "Strategy", "cast", "read_mix", "strategy_named"]
