"""How figures look: one palette that tells its colours apart without colour vision, in light and in dark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import StringIO
from typing import Any

from markupsafe import Markup
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# Okabe and Ito's colours. The page's stylesheet holds a second value of each for dark screens.
INK = "#1a1d21"
FAINT = "#6b7280"
RULE = "#d4d8dd"
HONEST = "#0072b2"
DISHONEST = "#d55e00"
ALONE = "#a8671a"
CENTRAL = "#00795a"

VARIABLES = {
    INK: "ink",
    FAINT: "faint",
    RULE: "rule",
    HONEST: "honest",
    DISHONEST: "dishonest",
    ALONE: "alone",
    CENTRAL: "central",
}

RC: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": FAINT,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
}


def canvas(width: float, height: float, panels: int = 1) -> tuple[Figure, Sequence[Axes]]:
    """Return a figure of ``width`` by ``height`` inches, with ``panels`` side by side sharing rows."""
    with rc_context(RC):
        figure = Figure(figsize=(width, height), layout="constrained")
        axes = figure.subplots(1, panels, sharey=panels > 1, squeeze=False)[0]
    for each in axes:
        each.spines[["top", "right"]].set_visible(False)
        each.tick_params(length=0)
    return figure, list(axes)


def svg(figure: Figure, title: str) -> Markup:
    """Return ``figure`` as an SVG element in the page's colours, named ``title`` to screen readers."""
    text = StringIO()
    with rc_context({**RC, "svg.hashsalt": title}):  # ids that are the same every time, other per figure
        figure.savefig(text, format="svg", transparent=True, metadata={"Date": None})
    code = text.getvalue()
    code = re.sub(r"<metadata>.*?</metadata>", "", code[code.index("<svg") :], flags=re.DOTALL)
    code = re.sub(r' id="[a-zA-Z0-9.]+_\d+"', "", code)  # "text_1" would stand in every figure of the page
    code = code.replace("<svg ", f'<svg role="img" aria-label="{title}" ', 1)
    for colour, variable in VARIABLES.items():
        code = code.replace(colour, f"var(--{variable}, {colour})")
    return Markup(code.replace("'DejaVu Sans'", "system-ui, sans-serif"))


def shown(metric: str, value: float) -> str:
    """Return the value of a metric as people read it."""
    return f"{100 * value:.1f} %" if metric == "accuracy" else f"{value:.3f}"
