"""Figures of findings."""

from derelay.sim.game.figures.draw import draw

__all__ = ["draw"]
