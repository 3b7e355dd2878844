"""Strategies of simulated participants, each by what it does differently from the honest one."""

from derelay.sim.strategies.strategy import Coalition, Honest, Strategy

__all__ = ["Coalition", "Honest", "Strategy"]
