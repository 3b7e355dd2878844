"""Figure: coins by participant."""

from __future__ import annotations

from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from derelay.sim.paper.amounts import amount
from derelay.sim.paper.figures.canvas import BLUE, MUTED, ORANGE, SIZE, STYLE, caption
from derelay.sim.paper.figures.labels import label_ends
from derelay.sim.paper.result import Run


def coins_figure(run: Run) -> Figure:
    """Return the paper's coin figure: a line for each participant, of large relays for some of them."""
    spread, drawn = run.spread, len(run.spread.people)
    who = "each participant" if drawn == run.parameters.participants else f"{drawn} of the participants"
    least, _, median, _, most = spread.quantiles.T
    genesis = spread.traces[:, 0]
    with rc_context(STYLE):
        figure = Figure(figsize=SIZE, layout="constrained")
        axes = figure.subplots()
        axes.plot(spread.rounds, spread.traces, color=MUTED, alpha=0.3, linewidth=0.6)
        axes.plot(spread.rounds, least, color=MUTED, linewidth=1)
        axes.plot(spread.rounds, most, color=MUTED, linewidth=1)
        axes.plot(spread.rounds, median, color=BLUE, linewidth=2.2)
        axes.plot(spread.rounds, genesis, color=ORANGE, linewidth=2.2, linestyle="--")
        axes.set(
            title=f"Coins of {who}",
            xlabel="round",
            ylabel="coins",
            xlim=(0, run.parameters.rounds),
            ylim=(0, None),
        )
        axes.grid(axis="y")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.xaxis.set_major_formatter("{x:,.0f}")
        axes.yaxis.set_major_formatter("{x:,.10g}")
        ends = (("most", most, MUTED), ("median", median, BLUE), ("least", least, MUTED))
        label_ends(
            axes,
            [
                (float(line[-1]), f"{name}: {amount(float(line[-1]))}", color)
                for name, line, color in (*ends, ("genesis owner", genesis, ORANGE))
            ],
        )
        caption(figure, run.parameters)
    return figure
