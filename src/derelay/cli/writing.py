"""A baton as a file, or a folder, for other programs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from derelay.cli.errors import BadInput

if TYPE_CHECKING:
    from derelay.baton.baton import Baton
    from derelay.learn.task import Task

FORMATS = ("safetensors", "hf")
"""A plain .safetensors file; a Hugging Face folder, of a task whose model is one."""


def check_output(output: Path, form: str) -> None:
    """Refuse what cannot be written, before any work.

    Raises
    ------
    BadInput
        If something is there, or the name does not fit the format.
    """
    if form not in FORMATS:
        raise BadInput(f"no format {form!r}: choose from {', '.join(FORMATS)}")
    if output.exists():
        raise BadInput(f"{output} is there already: name another file, or remove it first")
    if form == "safetensors" and output.suffix != ".safetensors":
        raise BadInput(f"{output} does not end in .safetensors, which is what will be in it: add that")


def write_baton(baton: Baton, output: Path, form: str, task: Task | None, about: Mapping[str, str]) -> None:
    """Write a baton in a format, ``about`` in its metadata.

    Raises
    ------
    BadInput
        If the task's model is no folder's, or the folder cannot be made.
    BatonError
        If the baton is not of the task, or the file cannot be written.
    """
    if form == "safetensors":
        baton.save(output, about)
        return
    from derelay.baton.tensors import layout_of
    from derelay.learn.folders import InFolders

    if task is None or not isinstance(task, InFolders):
        raise BadInput("a Hugging Face folder is written of a transformers model: name its task by --task")
    baton.check(layout_of(task.model().state_dict()))
    try:
        task.write_folder(baton.tensors, output, about)
    except OSError as error:
        raise BadInput(f"{output} cannot be written ({error.strerror}): name another folder") from error
