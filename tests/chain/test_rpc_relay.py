"""A whole relay of seven on a node behind JSON-RPC."""

import torch

from derelay.learn.loading import load_task
from derelay.learn.split import split
from derelay.local.cast import assemble
from derelay.node.stopwatch import Stopwatch
from small_relay import PARAMETERS, ROUNDS, play


def test_everyone_takes_part_in_every_round(movable, tmp_path):
    task = load_task("digits")
    shares = split(task.cases()[0], 7, 1.0, torch.Generator().manual_seed(5))
    cast = assemble(movable, task, shares, ("free-rider",), PARAMETERS, 5, tmp_path, Stopwatch())
    play(movable, cast)
    history = cast.relay.history
    assert len(history.named("HeadChanged", "HeadKept")) == ROUNDS
    assert len(history.named("HandedIn")) == len(history.named("Admitted"))
    assert not history.named("Slashed")  # everyone's transactions were there in time
