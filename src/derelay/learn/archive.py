"""Cases in a file: a NumPy archive of numbers."""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path
from tokenize import TokenError
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from derelay.learn.cases import Cases

_ARRAYS = ("inputs", "targets")
_DAMAGE = (
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OverflowError,
    RuntimeError,
    SyntaxError,
    TokenError,
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)
"""What NumPy and the libraries below it raise for a file that is none, or damaged."""


class ArchiveError(Exception):
    """A file that holds no cases."""


def read_cases(path: Path) -> Cases:
    """Read cases from a NumPy archive.

    Parameters
    ----------
    path
        An ``.npz`` file of the arrays ``inputs`` and ``targets``, one row of each per case, and ``strata`` if
        there are any. Floats become float32, whole numbers int64. Nothing in it is executed.

    Raises
    ------
    ArchiveError
        If it is no such file.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: _tensor(file[name]) for name in (*_ARRAYS, "strata") if name in file}
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be read ({error.strerror}); name an .npz file") from error
    except _DAMAGE as error:
        raise ArchiveError(
            f"{path}: not an .npz file of numbers ({error}); save it by numpy.savez"
        ) from error
    missing = [name for name in _ARRAYS if name not in arrays]
    if missing:
        raise ArchiveError(f"{path}: holds no {' and no '.join(missing)}; save both by numpy.savez")
    try:
        return Cases(**{"strata": torch.zeros(len(arrays["targets"]), dtype=torch.int64)} | arrays)
    except (ValueError, TypeError) as error:
        raise ArchiveError(f"{path}: {error}") from error


def write_cases(cases: Cases, path: Path) -> None:
    """Write a file that `read_cases` reads."""
    with path.open("wb") as file:
        np.savez_compressed(
            file, inputs=cases.inputs.numpy(), targets=cases.targets.numpy(), strata=cases.strata.numpy()
        )


def _tensor(array: NDArray[Any]) -> Tensor:
    return torch.tensor(array, dtype=torch.float32 if array.dtype.kind == "f" else torch.int64)
