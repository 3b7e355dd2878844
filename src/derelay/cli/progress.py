"""What a run shows while it goes on: phase by phase, and a bar where there is a terminal."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from derelay.local.moment import Moment
from derelay.rules.phases import Phase

WIDEST = 110
PHASES = (
    Phase.ENTER,
    Phase.ADMIT,
    Phase.TRAIN,
    Phase.DISCLOSE,
    Phase.DRAW,
    Phase.SEAL,
    Phase.SCORE,
    Phase.REVEAL,
    Phase.JUDGE,
    Phase.POOL,
    Phase.SETTLE,
)
"""What a round goes through."""


class Progress:
    """Shows moments; a context manager, so that the bar goes when the work ends."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._width = min(console.width, WIDEST)
        self._round = 0
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task: TaskID = self._bar.add_task("setting up", total=None)

    def __enter__(self) -> Progress:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def show(self, moment: Moment) -> None:
        """Show one moment."""
        if moment.round != self._round:
            self._round = moment.round
            title = f"round {moment.round} of {moment.rounds}"
            self._console.print(Rule(title, align="left", style="dim"), width=self._width)
        if moment.lines:
            row = Table.grid(padding=(0, 2))
            row.add_column(width=6, style="dim")
            row.add_column()
            row.add_row(moment.phase.name.lower(), Text("; ".join(moment.lines)))
            self._console.print(row, width=self._width)
        self._move(moment)

    def _move(self, moment: Moment) -> None:
        ended = PHASES.index(moment.phase) + 1 if moment.phase in PHASES else 0
        done = (moment.round - 1) * len(PHASES) + ended
        total = moment.rounds * len(PHASES)
        words = f"round {moment.round} of {moment.rounds}"
        if done == total:
            words = "training alone and centrally, to compare"
            self._console.print(words, style="dim")
        self._bar.update(self._task, description=words, completed=done, total=total)
