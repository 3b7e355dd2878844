"""A relay of seven, six of them honest, for tests of nodes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import torch

from derelay.chain.relay import Relay
from derelay.learn.loading import load_task
from derelay.learn.split import split
from derelay.learn.task import Task
from derelay.local.cast import Cast, assemble
from derelay.local.clock import pass_time
from derelay.local.measured import MeasuredChain
from derelay.node.stopwatch import Stopwatch
from derelay.rules.parameters import OPEN
from derelay.rules.phases import Phase

PARAMETERS = replace(OPEN, seats=3, voters=5)
ROUNDS = 2


def begin(folder: Path, seed: int = 5, task: Task | None = None) -> tuple[MeasuredChain, Cast]:
    task = task or load_task("digits")
    shares = split(task.cases()[0], 7, 1.0, torch.Generator().manual_seed(seed))
    chain = MeasuredChain(seed, Stopwatch())
    return chain, assemble(chain, task, shares, ("free-rider",), PARAMETERS, seed, folder, Stopwatch())


def over(relay: Relay) -> bool:
    view = relay.view()
    return view.phase is Phase.REST and view.round.number == ROUNDS


def play(chain: MeasuredChain, cast: Cast, until: Callable[[Relay], bool] = over) -> None:
    while not until(cast.relay):
        if any([node.step() for node in cast.nodes]):
            chain.mine()
        else:
            pass_time(chain, cast.relay.view())
