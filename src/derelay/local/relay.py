"""A whole relay in one process: real contracts, real nodes, real training; time passes when all wait."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import torch

from derelay.chain.view import View
from derelay.learn.cases import Cases
from derelay.learn.split import split
from derelay.learn.task import Task
from derelay.local.baselines import compare
from derelay.local.cast import Cast, assemble
from derelay.local.measured import MeasuredChain
from derelay.local.moment import Moment
from derelay.local.narrator import Narrator
from derelay.local.record import Run, record
from derelay.local.result import Result
from derelay.node.closer import TURN_SECONDS, is_due
from derelay.node.stopwatch import Stopwatch
from derelay.rules.parameters import OPEN, Parameters
from derelay.rules.phases import Phase


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
    torch.set_num_threads(1)  # participants share the cores; for small models more threads are slower
    stopwatch = Stopwatch()
    with stopwatch.measure("other"):
        pool, test = task.cases()
        shares = split(pool, participants, alpha, torch.Generator().manual_seed(seed), task.held_out)
        chain = MeasuredChain(seed, stopwatch)
        cast = assemble(chain, task, shares, dishonest, parameters, seed, folder / "participants", stopwatch)
        heads = Gallery(task, cast, test, folder / "heads")
        narrator = Narrator(cast, heads.show, rounds, watch)
        _play(cast, chain, rounds, narrator)
        with stopwatch.measure("baselines"):
            lineage = task.steps * cast.relay.view().head.version
            steps = [node.me.steps for node in cast.nodes]
            comparison = compare(task, shares, steps, lineage, test, seed)
        done = Run(task, alpha, seed, cast, chain, heads.metrics, heads.last, comparison, stopwatch)
    return record(done)


class Gallery:
    """Every head as it is elected: measured on the public test cases, and saved."""

    def __init__(self, task: Task, cast: Cast, test: Cases, folder: Path) -> None:
        self._task = task
        self._cast = cast
        self._test = test
        self._folder = folder
        self._folder.mkdir(parents=True, exist_ok=True)
        self.metrics: dict[int, dict[str, float]] = {}
        self.last = self.show()

    def show(self) -> Path:
        """Measure and save the current head; return its file."""
        head = self._cast.relay.view().head
        makers = self._cast.relay.history.makers(head.id)
        maker = next(node.me for node in self._cast.nodes if node.me.address in makers)
        baton = maker.baton(head.id)
        if baton is None:
            raise RuntimeError(f"head {head.version} is not to be had from those who made it")
        model = self._task.model()
        model.load_state_dict(baton.tensors)
        self.metrics[head.version] = self._task.metrics(model, self._test)
        self.last = self._folder / f"v{head.version:03d}-{head.id.hex()[:12]}.safetensors"
        baton.save(self.last)
        return self.last


def _play(cast: Cast, chain: MeasuredChain, rounds: int, narrator: Narrator) -> None:
    """Let every node act until the last round has settled, then let everyone withdraw."""
    view = cast.relay.view()
    while not (view.phase is Phase.REST and view.round.number >= rounds):
        if any([node.step() for node in cast.nodes]):
            chain.mine()
        else:
            _pass_time(chain, view)
        narrator.tell()
        view = cast.relay.view()
    if any([node.withdraw() for node in cast.nodes]):
        chain.mine()


def _pass_time(chain: MeasuredChain, view: View) -> None:
    """Go on to where somebody has something to do: half of the window, its end, the next one's turn."""
    window = view.window
    if not is_due(view) and window is None:
        chain.mine()
        return
    if window is None:
        chain.advance(TURN_SECONDS)
        return
    seconds = view.parameters.window_seconds[window]
    blocks = view.parameters.window_blocks[window]
    for share in (2, 1):
        until = view.round.opened_at + seconds // share
        height = view.round.opened_block + blocks // share
        if view.now < until or view.height < height:
            missing = max(1, height - view.height)
            chain.advance(max(missing, until - view.now), missing)
            return
    chain.advance(TURN_SECONDS)
