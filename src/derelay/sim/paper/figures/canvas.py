"""What all figures share: size, type, colours, and how they are saved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from derelay.sim.paper.parameters import Parameters

INK, MUTED, GRID = "#222222", "#6b6b6b", "#dddddd"
BLUE, ORANGE = "#0072b2", "#d55e00"
"""From Okabe and Ito's palette, which colour-blind people can tell apart."""
STYLE: dict[Any, Any] = {
    "font.size": 11,
    "text.color": INK,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.titlesize": 13,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "xtick.color": INK,
    "ytick.color": INK,
}
SIZE = (9.0, 5.0)
"""Inches."""
UNDATED: dict[str, dict[str, None]] = {"png": {"Software": None}, "pdf": {"CreationDate": None}}
"""Formats, without what would make the same run give other bytes."""


def caption(figure: Figure, parameters: Parameters) -> None:
    """Say under a figure which run it shows."""
    words = (
        f"{parameters.participants:,} participants, k = {parameters.k}, s = {parameters.survive:g}, "
        f"q = {parameters.delivery:g}, seed {parameters.seed}, {parameters.rng} random numbers"
    )
    figure.supxlabel(words, x=0.01, ha="left", fontsize=9, color=MUTED)


def save(figure: Figure, folder: Path, name: str) -> None:
    """Write a figure into a folder, in every format."""
    for kind, metadata in UNDATED.items():
        figure.savefig(folder / f"{name}.{kind}", dpi=120, metadata=metadata)
