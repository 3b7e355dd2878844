"""The page itself: figures, tables and words put into the template."""

from __future__ import annotations

from dataclasses import asdict

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from derelay.local.report.chain import VERDICTS, chain_drawing
from derelay.local.report.gas import gas_figure
from derelay.local.report.keys import key_rows
from derelay.local.report.learning import learning_figure
from derelay.local.report.people import people_figure, ranked
from derelay.local.report.style import shown, svg
from derelay.local.result import ROLES, Result

TEMPLATES = Environment(
    loader=PackageLoader("derelay.local.report"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(result: Result) -> str:
    """Return the report of ``result``: an HTML page that needs nothing else."""
    return TEMPLATES.get_template("report.html").render(
        result=result,
        people=ranked(result),
        coin_roles=[role for role in ROLES if any(each.income[role].coins for each in result.participants)],
        native_roles=ROLES,
        learning=_learning(result),
        earned=svg(people_figure(result), "coins and native currency by participant"),
        gas=svg(gas_figure(result), "gas by call"),
        drawing=chain_drawing(result),
        verdicts=VERDICTS,
        keys=key_rows(result),
        parameters=asdict(result.parameters),
        tiles=_tiles(result),
        shown=shown,
    )


def summary(result: Result) -> str:
    """Return the few numbers and the one figure that a notebook shows."""
    return TEMPLATES.get_template("summary.html").render(tiles=_tiles(result), learning=_learning(result))


def _learning(result: Result) -> Markup:
    return svg(learning_figure(result), f"{result.metric.replace('_', ' ')} by round")


def _tiles(result: Result) -> list[tuple[str, str, str]]:
    """Return (what, value, remark) of what a reader wants to know first."""
    metric, head = result.metric, result.head
    minted = sum(each.minted for each in result.rounds)
    cheats = sum(not person.honest for person in result.participants)
    relay, alone, central = (
        shown(metric, metrics[metric])
        for metrics in (
            head.metrics,
            result.baseline.metrics["alone_mean"],
            result.baseline.metrics["centralized"],
        )
    )
    return [
        (f"{metric.replace('_', ' ')} of the head", relay, f"version {head.version}"),
        ("training alone", alone, "mean over participants"),
        ("training centrally", central, "all data in one place"),
        ("participants", str(len(result.participants)), f"{cheats} of them dishonest"),
        ("coins minted", f"{minted:.2f}", f"in {len(result.rounds)} rounds"),
        ("transactions", f"{result.chain.transactions:,}", f"{result.chain.gas / 1e6:,.0f} M gas"),
    ]
