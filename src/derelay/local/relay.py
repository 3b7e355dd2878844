"""A whole relay in one process: real contracts, real nodes, real training; time passes when all wait."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import torch

from derelay.learn.split import split
from derelay.learn.task import Task
from derelay.local.baselines import compare
from derelay.local.cast import Cast, assemble
from derelay.local.clock import pass_time
from derelay.local.gallery import Gallery
from derelay.local.measured import MeasuredChain
from derelay.local.moment import Moment
from derelay.local.narrator import Narrator
from derelay.local.record import Run, lineage_steps, record, seconds
from derelay.local.result import Result
from derelay.node.stopwatch import Stopwatch
from derelay.rules.parameters import OPEN, Parameters
from derelay.rules.phases import Phase

MOST_IDLE = 200
"""Turns that pass without a transaction before a relay counts as stopped."""


def run(
    task: Task,
    *,
    participants: int = 12,
    rounds: int = 16,
    dishonest: Sequence[str] = ("free-rider", "poisoner"),
    alpha: float = 0.3,
    seed: int = 7,
    folder: Path,
    parameters: Parameters = OPEN,
    watch: Callable[[Moment], None] = lambda moment: None,
) -> Result:
    """Run a relay from its creation to the end of a round, then compare it with training without one.

    Parameters
    ----------
    dishonest
        Strategies of the last participants, by name; the others are honest.
    alpha
        How unevenly the data are shared out: see `derelay.learn.split.split`.
    seed
        Of everything random: the same seed gives the same heads.
    folder
        Gets the heads and, for each participant, its blobs and its journal.
    watch
        Told what happened at the end of each phase.
    """
    with _one_thread():
        done = play(task, participants, rounds, dishonest, alpha, seed, folder, parameters, watch)
        with done.stopwatch.measure("other"):
            result = record(done)
        return replace(result, seconds=seconds(done.stopwatch))


def play(
    task: Task,
    participants: int,
    rounds: int,
    dishonest: Sequence[str],
    alpha: float,
    seed: int,
    folder: Path,
    parameters: Parameters,
    watch: Callable[[Moment], None],
) -> Run:
    """Do what `run` does, and return the run itself: its chain, its nodes, its heads."""
    stopwatch = Stopwatch()
    with stopwatch.measure("other"):
        pool, test = task.cases()
        shares = split(pool, participants, alpha, torch.Generator().manual_seed(seed), task.held_out)
        chain = MeasuredChain(seed, stopwatch)
        cast = assemble(chain, task, shares, dishonest, parameters, seed, folder / "participants", stopwatch)
        gallery = Gallery(task, cast, test, folder / "heads")
        _rounds(cast, chain, rounds, Narrator(cast, gallery.show, rounds, watch))
        with stopwatch.measure("baselines"):
            lineage = lineage_steps(task, cast.relay.view().head.version)
            steps = [node.me.steps for node in cast.nodes]
            comparison = compare(task, shares, steps, lineage, test, seed)
    return Run(task, alpha, seed, cast, chain, gallery, comparison, stopwatch)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Keep torch to one thread: participants share the cores, and small models train slower on more."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


class RelayStopped(RuntimeError):  # noqa: N818 (what happened, not what went wrong)
    """Nobody does anything any more; the message says where the relay stands."""


def _rounds(cast: Cast, chain: MeasuredChain, rounds: int, narrator: Narrator) -> None:
    """Let every node act until the last round has settled, then let everyone withdraw."""
    view = cast.relay.view()
    idle = 0
    while not (view.phase is Phase.REST and view.round.number >= rounds):
        if any([node.step() for node in cast.nodes]):
            idle = 0
            chain.mine()
        else:
            idle += 1
            pass_time(chain, view)
        if idle > MOST_IDLE:
            raise RelayStopped(
                f"round {view.round.number} stands still in {view.phase.name}: nobody can act; "
                "take more participants, or fewer dishonest ones"
            )
        narrator.tell()
        view = cast.relay.view()
    if any([node.withdraw() for node in cast.nodes]):
        chain.mine()
