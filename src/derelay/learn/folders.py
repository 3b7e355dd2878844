"""Tasks whose models other tools know as a folder of files."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol, runtime_checkable

from derelay.baton.tensors import State


@runtime_checkable
class InFolders(Protocol):
    """A task whose model is at home in a Hugging Face folder, too: `derelay.learn.hf`."""

    def write_folder(self, state: State, folder: Path, about: Mapping[str, str]) -> None:
        """Write a state as a new folder, with ``about`` in the metadata of its weights."""

    def read_folder(self, folder: Path) -> State:
        """Return the state that a folder holds; raise `TaskError` if it holds none."""
        ...
