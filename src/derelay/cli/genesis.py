"""The first head of a new relay: the task's own model, the weights of a file, or a head of another relay."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file

from derelay.baton.baton import Baton
from derelay.baton.container import MANIFEST_KEY
from derelay.baton.tensors import State, layout_of
from derelay.chain.invitation import Invitation
from derelay.chain.origin import Origin
from derelay.cli.errors import BadInput
from derelay.learn import Task, task_hash
from derelay.learn.folders import InFolders


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
        A baton's file, a plain .safetensors file of the task's tensors, or a Hugging Face folder of a task
        whose model is one; None for the task's own model.
    origin
        Invitation to the relay that the file is a head of: its versions go on. Without it the weights of the
        file become version 0 of a relay from scratch.

    Raises
    ------
    BatonError
        If the file is no baton, or not of the task's model.
    BadInput
        If the file is of a kind that this task has no use for.
    InvitationError
        If the origin is none.
    """
    if file is None:
        return Genesis(_first(task, task.model().state_dict()), None)
    layout = layout_of(task.model().state_dict())
    if (state := _of_others(task, file)) is not None:
        if origin is not None:
            raise BadInput(
                f"{file} says of no baton that it is one: with --origin, name what derelay pull wrote"
            )
        first = _first(task, state)
        first.check(layout)
        return Genesis(first, None)
    baton = Baton.load(file, layout)
    if origin is None:
        return Genesis(_first(task, baton.tensors), None)
    relay = Invitation.read(origin)
    return Genesis(baton, Origin(relay.chain_id, relay.rounds, baton.manifest.version))


def _of_others(task: Task, file: Path) -> State | None:
    """Return the weights that other programs wrote; None for a baton's file, or what is none at all."""
    if file.is_dir():
        if not isinstance(task, InFolders):
            raise BadInput(f"{file} is a folder, and task {task.name!r} no transformers model: name a file")
        return task.read_folder(file)
    if not file.is_file():
        return None
    try:
        with safe_open(file, framework="pt") as opened:
            if MANIFEST_KEY in (opened.metadata() or {}):
                return None
        return load_file(file)
    except (SafetensorError, OSError):  # reading it as a baton says what is wrong with it
        return None


def _first(task: Task, state: State) -> Baton:
    return Baton.build(state, task=task.name, task_hash=task_hash(task), parents=[], version=0)
