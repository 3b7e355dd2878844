"""Loaded first by the process that all nodes are forked from, and by no other: it ends with the campaign."""

from __future__ import annotations

import ctypes
import signal
import sys

import torch

_PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Let the system end this process without warning when its parent has ended, however that did."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def warm_up() -> None:
    """Load what PyTorch loads with the first optimizer: a second's work for each node otherwise."""
    torch.set_num_threads(1)
    torch.optim.Adam(torch.nn.Linear(1, 1).parameters()).step()


die_with_parent()
warm_up()
