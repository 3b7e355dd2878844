"""Runs in which the victim dies, and how they compare with one in which it does not."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from crash.world import SEED, Brief, Outcome, Step, World
from derelay.chain.embedded import EmbeddedChain
from devnets import MovableChain


def warm_up() -> None:
    """Load what torch loads with the first optimizer: a process that is forked has it then."""
    torch.set_num_threads(1)
    model = Brief().network()
    Brief().optimizer(model).step()


def undisturbed() -> tuple[Outcome, list[Step]]:
    """Return what a run leaves in which nobody dies, and the steps at which the victim could."""
    steps: list[Step] = []

    def lives(step: Step) -> bool:
        steps.append(step)
        return False

    return _run(lives), steps


def killed_at(place: int) -> Outcome:
    """Return what a run leaves in which the victim dies at one of its steps, counted from zero."""
    places = count()
    return _run(lambda step: next(places) == place)


def killed_at_each(forgetful: bool = False, chain: MovableChain | None = None) -> Outcome:
    """Return what a run leaves in which the victim dies once at each step that it comes to.

    Parameters
    ----------
    forgetful
        See `World`. It dies with something newly done only: before the next thing nothing has changed.
    chain
        Anvil's; None for an embedded one, on which runs can be compared to the bit.
    """
    died: set[Step] = set()

    def dies(step: Step) -> bool:
        is_new = step not in died and not (forgetful and step.where.startswith("before"))
        died.add(step)
        return is_new

    return _run(dies, forgetful, chain)


def _run(dies: Callable[[Step], bool], forgetful: bool = False, chain: MovableChain | None = None) -> Outcome:
    with TemporaryDirectory(prefix="derelay-crash-") as folder:
        return World(Path(folder), chain or EmbeddedChain(SEED), dies, forgetful).run()
