"""What a node shows while it works: its news as lines, and below them where it stands and why it waits."""

from __future__ import annotations

import logging
from types import TracebackType

from rich.console import Console

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
        self._is_terminal = console.is_terminal
        self._status = console.status("looking at the relay")
        self._news = News(node.me.relay.history, node.me.address)
        self.last: Standing | None = None

    def __enter__(self) -> Live:
        if self._is_terminal:
            self._status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._status.stop()

    def show(self, standing: Standing) -> None:
        """Show how the node stands."""
        for text in self._news.tell():
            log.info(text)
        self._status.update(status_line(standing))
        if not self._is_terminal and (self.last is None or _state(standing) != _state(self.last)):
            number, phase, waits_for = _state(standing)
            fields = {"round": number, "phase": phase.name.lower(), "waits_for": waits_for}
            log.info(status_line(standing), extra={"fields": fields})
        self.last = standing


def _state(standing: Standing) -> tuple[int, Phase, str]:
    return standing.view.round.number, standing.view.phase, standing.waits_for


def status_line(standing: Standing) -> str:
    """Return how a node stands, in one line."""
    view = standing.view
    parts = [f"round {view.round.number} {view.phase.name.lower()}", f"head v{view.head.version}"]
    if standing.closes_in:
        parts.append(f"{standing.closes_in} s left")
    parts += [f"waits for {standing.waits_for}", f"wallet {standing.balance / NATIVE:.4f}"]
    native, coins = standing.owed
    if native or coins:
        parts.append(f"owed {native / NATIVE:.4f} and {coins / NATIVE:.4f} coins")
    return " · ".join(parts)
