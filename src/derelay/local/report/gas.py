"""The figure of what each contract call costs."""

from __future__ import annotations

from matplotlib.figure import Figure

from derelay.local.report.style import HONEST, INK, canvas
from derelay.local.result import Result


def gas_figure(result: Result) -> Figure:
    """Return the gas of all calls of each function, most first, with their number and mean."""
    calls = sorted(result.chain.gas_by_call.items(), key=lambda call: -call[1].gas)
    figure, (axes,) = canvas(7.2, 0.75 + 0.26 * len(calls))
    bars = axes.barh([name for name, _ in calls], [use.gas / 1e6 for _, use in calls], 0.66, color=HONEST)
    labels = [f"{use.count:,} × {use.gas / use.count / 1e3:,.0f} k" for _, use in calls]
    axes.bar_label(bars, labels, padding=4, fontsize=8.5, color=INK)
    axes.invert_yaxis()
    axes.margins(x=0.22, y=0.02)
    axes.set_xlabel("gas of all calls, millions (number of calls × thousands of gas per call)")
    return figure
