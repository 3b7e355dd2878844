"""Draw what legs were measured at and what real relays did, and what the oracle says of both."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from fitting import STEP, Measured, Record
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullFormatter
from relays import VERDICTS

from derelay.sim.oracle import Oracle
from derelay.sim.paper.figures.canvas import INK, MUTED, STYLE

Verdicts = tuple[str, Sequence[float], Sequence[float]]
"""A span of rounds; shares of `VERDICTS` in real relays; the same in simulated ones."""
BANDS = ("#0072b2", "#56b4e9", "#d55e00")
COLOURS = ("#0072b2", "#009e73", "#d55e00")
"""From Okabe and Ito's palette."""
TICKS = (5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02)
BINS = 9
FEWEST = 3
"""Models of which a point is the mean, at least."""


def legs_figure(record: Record, oracle: Oracle, margin: float, verdicts: Sequence[Verdicts]) -> Figure:
    """Return four panels over the nats that a head leaves to learn, and one of verdicts over the rounds."""
    models = record.measured(margin)
    grid = np.geomspace(margin, oracle.start, 60)
    with rc_context(STYLE):
        figure = Figure(figsize=(11, 11.5), layout="constrained")
        panels = figure.subplot_mosaic([["gains", "pools"], ["scatter", "cheats"], ["verdicts", "verdicts"]])
        for name, draw in (("gains", _gains), ("pools", _pools), ("scatter", _scatter), ("cheats", _cheats)):
            axes = panels[name]
            draw(axes, models, oracle, grid)
            axes.set(xscale="log", xlabel="left to learn, nats per case")
            axes.invert_xaxis()
            axes.xaxis.set_major_locator(FixedLocator(TICKS))
            axes.xaxis.set_major_formatter("{x:g}")
            axes.xaxis.set_minor_formatter(NullFormatter())
            axes.grid(axis="y")
        _verdicts(panels["verdicts"], verdicts)
        relays = f"{len(record.seeds)} relays of twelve, {record.rounds} rounds, task {record.task}"
        words = f"{relays}; points: means of legs, with standard errors; lines: the oracle"
        figure.supxlabel(words, x=0.01, ha="left", fontsize=9, color=MUTED)
    return figure


def _verdicts(axes: Axes, verdicts: Sequence[Verdicts]) -> None:
    """Draw two bars for each span of rounds: real, simulated."""
    places = np.arange(len(verdicts))
    for shift, which in ((-0.21, 1), (0.21, 2)):
        bottom = np.zeros(len(verdicts))
        for kind, colour in enumerate(BANDS):
            part = 100 * np.array([each[which][kind] for each in verdicts])
            axes.bar(
                places + shift, part, 0.4, bottom, color=colour, label=VERDICTS[kind] if which == 1 else None
            )
            bottom += part
    for place in places:
        for shift, word in ((-0.21, "real"), (0.21, "oracle")):
            axes.text(place + shift, 2, word, ha="center", fontsize=9, color="white")
    axes.set_xticks(places, [each[0] for each in verdicts])
    axes.set(title="Verdicts on honest children of other relays", ylabel="% of the children", xlabel="rounds")
    axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))


def _gains(axes: Axes, models: Sequence[Measured], oracle: Oracle, grid: np.ndarray) -> None:
    for step, colour in zip((0.25, 0.5, 1.0), COLOURS, strict=True):
        of = [one for one in models if one.kind == "honest" and one.step == step]
        _points(axes, of, lambda one: one.gain, colour)
        axes.plot(
            grid, [_gain(oracle, left, step, step**2) for left in grid], color=colour, label=f"step {step:g}"
        )
    axes.set_yscale("symlog", linthresh=0.01)
    axes.set(title="Gain of an honest child", ylabel="nats per case")
    axes.axhline(0, color=INK, linewidth=0.6)
    axes.legend(frameon=False)


def _pools(axes: Axes, models: Sequence[Measured], oracle: Oracle, grid: np.ndarray) -> None:
    for size, colour in zip((2, 4, 7), COLOURS, strict=True):
        of = [one for one in models if one.kind == "pool" and one.size == size]
        weight = min(STEP, 1 / size)
        _points(axes, of, lambda one: one.gain, colour)
        line = [_gain(oracle, left, size * weight, size * weight**2) for left in grid]
        axes.plot(grid, line, color=colour, label=f"{size} children")
    axes.set_yscale("symlog", linthresh=0.01)
    axes.set(title="Gain of a pool", ylabel="nats per case")
    axes.axhline(0, color=INK, linewidth=0.6)
    axes.legend(frameon=False)


def _scatter(axes: Axes, models: Sequence[Measured], oracle: Oracle, grid: np.ndarray) -> None:
    of = [one for one in models if one.kind == "honest" and one.step == STEP]
    _points(axes, of, lambda one: math.sqrt(one.scatter), COLOURS[0])
    _points(axes, of, lambda one: one.error, COLOURS[2])
    apart = math.exp(oracle.tester_log**2) * STEP  # root mean square of a lognormal factor
    both = [apart * math.hypot(oracle.differ.at(left), oracle.spread.at(left)) for left in grid]
    axes.plot(grid, both, color=COLOURS[0], label="standard deviation between testers")
    axes.plot(
        grid,
        [STEP * oracle.spread.at(left) for left in grid],
        color=COLOURS[2],
        label="error reported, median",
    )
    axes.set(title="What testers differ by, quarter step", ylabel="nats per case", yscale="log")
    axes.legend(frameon=False)


def _cheats(axes: Axes, models: Sequence[Measured], oracle: Oracle, grid: np.ndarray) -> None:
    kinds: tuple[tuple[str, Callable[[float], float]], ...] = (
        ("poison", lambda left: max(-oracle.toll.at(left) * (STEP * oracle.poison.at(left)) ** 2, -1.0)),
        ("noise 0.3", lambda left: -oracle.toll.at(left) * (STEP * 0.3) ** 2),
        ("tenth", lambda left: _tenth(oracle, left)),
    )
    for (kind, says), colour in zip(kinds, COLOURS, strict=True):
        of = [one for one in models if one.kind == kind and one.step == STEP and one.round > 0]
        _points(axes, of, lambda one: one.gain, colour)
        axes.plot(grid, [says(left) for left in grid], color=colour, label=kind)
    axes.set_yscale("symlog", linthresh=0.001)
    axes.set(title="Gain of other children, quarter step", ylabel="nats per case")
    axes.axhline(0, color=INK, linewidth=0.6)
    axes.legend(frameon=False)


def _tenth(oracle: Oracle, left: float) -> float:
    reach, aside = (
        math.expm1(-0.1 / effort) / math.expm1(-1 / effort)
        for effort in (oracle.reach_effort, oracle.aside_effort)
    )
    return _gain(oracle, left, STEP * reach, (STEP * aside) ** 2)


def _gain(oracle: Oracle, left: float, reach: float, aside: float) -> float:
    common = (oracle.common.at(left) - oracle.bend.at(left) * reach) * reach
    return common - oracle.drift.at(left) * aside


def _points(axes: Axes, models: Sequence[Measured], value: Callable[[Measured], float], colour: str) -> None:
    """Draw means over models of similar progress, with their standard errors."""
    logs = np.log([one.left for one in models])
    places = np.digitize(logs, np.linspace(logs.min(), logs.max(), BINS + 1)[1:-1])
    for place in range(BINS):
        part = np.flatnonzero(places == place)
        if len(part) < FEWEST:
            continue
        values = [value(models[i]) for i in part]
        left = float(np.exp(np.mean(logs[part])))
        error = float(np.std(values, ddof=1) / math.sqrt(len(values)))
        axes.errorbar(left, float(np.mean(values)), error, fmt="o", color=colour, markersize=4)
