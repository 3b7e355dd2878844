"""The figure of who earned what."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from derelay.local.report.style import DISHONEST, FAINT, HONEST, INK, canvas
from derelay.local.result import Participant, Result


def people_figure(result: Result) -> Figure:
    """Return coins and net native currency by participant, most coins first."""
    people = ranked(result)
    figure, (coins, native) = canvas(7.2, 0.75 + 0.26 * len(people), panels=2)
    _bars(coins, people, [person.net.coins for person in people])
    _bars(native, people, [person.net.native / result.price for person in people])
    coins.set_yticks(range(len(people)), [_label(person) for person in people])
    for tick, person in zip(coins.get_yticklabels(), people, strict=True):
        tick.set_color(_colour(person))
    coins.invert_yaxis()
    coins.set_xlabel("coins earned")
    native.set_xlabel("net native currency, prices of a version")
    return figure


def ranked(result: Result) -> list[Participant]:
    """Return the participants by their coins, then by their native currency, the richest first."""
    return sorted(result.participants, key=lambda person: (-person.net.coins, -person.net.native))


def _bars(axes: Axes, people: list[Participant], values: list[float]) -> None:
    bars = axes.barh(range(len(people)), values, height=0.66, color=[_colour(person) for person in people])
    for bar, person in zip(bars, people, strict=True):
        if not person.honest:  # told apart in print and without colour vision, too
            bar.set(hatch="////", facecolor="none", edgecolor=DISHONEST)
    axes.bar_label(bars, [f"{value:.2f}" for value in values], padding=3, fontsize=8.5, color=INK)
    axes.axvline(0, color=FAINT, linewidth=0.8)
    axes.spines["left"].set_visible(False)
    axes.margins(x=0.16, y=0.02)


def _label(person: Participant) -> str:
    return person.name if person.honest else f"{person.name} ({person.strategy})"


def _colour(person: Participant) -> str:
    return HONEST if person.honest else DISHONEST
