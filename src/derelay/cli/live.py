"""What a node shows while it works: its news as lines, and below them where it stands and why it waits."""

from __future__ import annotations

import logging
import time
from types import TracebackType

from rich.console import Console, RenderableType
from rich.live import Live as LiveLine
from rich.spinner import Spinner
from rich.text import Text

from derelay.cli.amounts import seconds
from derelay.node.news import News
from derelay.node.node import Node
from derelay.node.standing import Standing
from derelay.rules.phases import Phase

NATIVE = 10**18
log = logging.getLogger(__name__)


class Live:
    """Shows standings; a context manager, so that the line below goes when the node stops.

    Where there is no terminal, each new phase, and each new reason to wait, is a line of its own.

    Attributes
    ----------
    last
        The standing shown last.
    """

    def __init__(self, console: Console, node: Node) -> None:
        self.last: Standing | None = None
        self._shown_at = 0.0
        self._is_terminal = console.is_terminal
        self._stopwatch = node.me.stopwatch
        self._news = News(node.me.relay.history, node.me.address)
        self._spinner = Spinner("dots")
        self._line = LiveLine(
            console=console, get_renderable=self._render, refresh_per_second=4, transient=True
        )

    def __enter__(self) -> Live:
        if self._is_terminal:
            self._line.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._line.stop()

    def show(self, standing: Standing) -> None:
        """Show how the node stands."""
        for text in self._news.tell():
            log.info(text)
        if not self._is_terminal and (self.last is None or _state(standing) != _state(self.last)):
            number, phase, waits_for = _state(standing)
            fields = {"round": number, "phase": phase.name.lower(), "waits_for": waits_for}
            log.info(status_line(standing), extra={"fields": fields})
        self.last, self._shown_at = standing, time.monotonic()

    def _render(self) -> RenderableType:
        """Return the line as of now; asked for by another thread."""
        words = "looking at the relay"
        if self.last is not None:
            words = status_line(self.last, time.monotonic() - self._shown_at, self._stopwatch.label)
        self._spinner.update(text=Text(words, no_wrap=True, overflow="ellipsis"))
        return self._spinner


def _state(standing: Standing) -> tuple[int, Phase, str]:
    return standing.view.round.number, standing.view.phase, standing.waits_for


def status_line(standing: Standing, age: float = 0.0, work: str | None = None) -> str:
    """Return how a node stands, in one line.

    Parameters
    ----------
    age
        Seconds since it stood so.
    work
        What it does just now; None if it waits.
    """
    view = standing.view
    parts = [f"round {view.round.number} {view.phase.name.lower()}", f"head v{view.head.version}"]
    left = (standing.closes_in or 0) - age
    if left >= 1:
        parts.append(f"{seconds(int(left))} left")
    parts += [work or f"waits for {standing.waits_for}", f"wallet {standing.balance / NATIVE:.4f}"]
    native, coins = standing.owed
    if native or coins:
        parts.append(f"owed {native / NATIVE:.4f} and {coins / NATIVE:.4f} coins")
    return " · ".join(parts)
