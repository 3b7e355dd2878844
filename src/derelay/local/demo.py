"""A local relay from a few settings: everything checked first, then run, then shown."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from derelay.learn.loading import check_task, load_task, task_hash
from derelay.learn.split import SMALLEST_SHARE
from derelay.learn.task import Task
from derelay.local.moment import Moment
from derelay.local.names import NAMES
from derelay.local.relay import run
from derelay.local.report.folder import HEADS, ReportFolder
from derelay.local.result import Result
from derelay.node.strategy import STRATEGIES
from derelay.rules.parameters import OPEN

FEWEST = OPEN.min_seats + 1
"""Participants without whom there is nobody to train and enough to test."""
CHEATS = tuple(name for name, kind in STRATEGIES.items() if not kind.honest)
USUAL = ("free-rider", "poisoner")
"""Who the dishonest are, in turn, if only their number is given."""
MAX_SEED = 2**32 - 1


class SettingError(ValueError):
    """A setting that no relay can run with; the message says which, why and what to do."""


def demo(
    task: str | Task = "digits",
    *,
    participants: int = 12,
    rounds: int | None = None,
    dishonest: int | Sequence[str] = 2,
    alpha: float = 0.3,
    seed: int = 7,
    report: str | Path | None = None,
    watch: Callable[[Moment], None] = lambda moment: None,
) -> Result:
    """Run a whole relay in this process, on real data, and return what happened.

    Parameters
    ----------
    task
        The name of an installed task, the path of a Python file with one, or a task.
    rounds
        As many as the task proposes, if None.
    dishonest
        How many participants are dishonest, or the strategy of each of them; see `CHEATS`.
    alpha
        How unevenly the data are shared out: 0.3 is very uneven, 100 nearly even; 0 gives each stratum to one
        participant.
    seed
        Of everything random: the same seed gives the same heads.
    report
        Directory for the report and the heads: new, empty, or with an earlier report, which is replaced.
    watch
        Told what happened at the end of each phase.

    Raises
    ------
    SettingError, derelay.learn.TaskError, derelay.local.report.folder.ReportError
        If something is wrong with a setting, the task, or the directory: before any work.
    """
    cheats = _check(participants, rounds, dishonest, alpha, seed)
    folder = None if report is None else ReportFolder(Path(report))
    chosen = load_task(task) if isinstance(task, str) else task
    _check_task(chosen, participants)
    if folder is not None:
        folder.prepare()
    with TemporaryDirectory(prefix="derelay-") as name:
        work = Path(name)
        result = run(
            chosen,
            participants=participants,
            rounds=chosen.rounds if rounds is None else rounds,
            dishonest=cheats,
            alpha=alpha,
            seed=seed,
            folder=work,
            watch=watch,
        )
        if folder is None:
            return replace(result, head=replace(result.head, file=None))
        folder.write(result, work / HEADS)
        return result


def _check(
    participants: int, rounds: int | None, dishonest: int | Sequence[str], alpha: float, seed: int
) -> tuple[str, ...]:
    """Return the strategies of the dishonest."""
    if not FEWEST <= participants <= len(NAMES):
        raise SettingError(
            f"{participants} participants: a relay here needs {FEWEST} to {len(NAMES)}, "
            f"one to train and {OPEN.min_seats} to test"
        )
    if rounds is not None and rounds < 1:
        raise SettingError(f"{rounds} rounds: run at least 1")
    if not (alpha >= 0 and math.isfinite(alpha)):
        raise SettingError(
            f"alpha {alpha}: give 0, each stratum to one participant, or more: 0.3 is uneven, 100 nearly even"
        )
    if not 0 <= seed <= MAX_SEED:
        raise SettingError(f"seed {seed}: give a number from 0 to {MAX_SEED}")
    if isinstance(dishonest, int):
        count, cheats = dishonest, tuple(islice(cycle(USUAL), max(0, dishonest)))
    else:
        count, cheats = len(dishonest), tuple(dishonest)
    if not 0 <= count <= participants:
        raise SettingError(f"{count} dishonest of {participants} participants: give 0 to {participants}")
    for name in cheats:
        if name not in CHEATS:
            raise SettingError(f"no dishonest strategy {name!r}: choose from {', '.join(CHEATS)}")
    return cheats


def _check_task(task: Task, participants: int) -> None:
    check_task(task)
    task_hash(task)  # a task without a source file has none
    task.model()  # nor is there a relay for a network that cannot be averaged
    pool, _ = task.cases()
    if len(pool) < participants * SMALLEST_SHARE:
        raise SettingError(
            f"task {task.name!r} has {len(pool)} cases to share out, too few for {participants} "
            f"participants: each needs {SMALLEST_SHARE}, so take at most {len(pool) // SMALLEST_SHARE}"
        )
