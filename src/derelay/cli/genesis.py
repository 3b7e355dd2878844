"""The first head of a new relay: the task's own model, the weights of a file, or a head of another relay."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from derelay.baton.baton import Baton
from derelay.baton.tensors import State, layout_of
from derelay.chain.invitation import Invitation
from derelay.chain.origin import Origin
from derelay.learn import Task, task_hash


@dataclass(frozen=True)
class Genesis:
    """A baton to begin with, and of which relay it was a head, if any."""

    baton: Baton
    origin: Origin | None


def make_genesis(task: Task, file: Path | None, origin: str | None) -> Genesis:
    """Return what a relay begins with.

    Parameters
    ----------
    file
        A baton's file; None for the task's own model.
    origin
        Invitation to the relay that the file is a head of: its versions go on. Without it the weights of the
        file become version 0 of a relay from scratch.

    Raises
    ------
    BatonError
        If the file is no baton, or not of the task's model.
    InvitationError
        If the origin is none.
    """
    if file is None:
        return Genesis(_first(task, task.model().state_dict()), None)
    baton = Baton.load(file, layout_of(task.model().state_dict()))
    if origin is None:
        return Genesis(_first(task, baton.tensors), None)
    relay = Invitation.read(origin)
    return Genesis(baton, Origin(relay.chain_id, relay.rounds, baton.manifest.version))


def _first(task: Task, state: State) -> Baton:
    return Baton.build(state, task=task.name, task_hash=task_hash(task), parents=[], version=0)
