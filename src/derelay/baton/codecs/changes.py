"""What codecs of changes have in common: which tensors a change can be told of in fewer bits."""

import torch
from torch import Tensor

from derelay.baton.errors import BatonError
from derelay.baton.tensors import State

WHOLE = "whole:"
"""Before the name of a tensor that is stored as it is."""

_LARGEST_WEIGHT = 2.0**120


def given(base: State | None) -> State:
    """Return the base; raise `BatonError` if there is none."""
    if base is None:
        raise BatonError("a change needs the base that it is a change to; ask for a grant of the whole")
    return base


def is_whole(tensor: Tensor, base: Tensor) -> bool:
    """Say whether a tensor is stored as it is: no float32, or with weights whose change might overflow."""
    if tensor.dtype != torch.float32:
        return True
    return not max(float(each.abs().max()) for each in (tensor, base)) < _LARGEST_WEIGHT


def rows(shape: tuple[int, ...]) -> int:
    """Return the rows of a tensor as a matrix: its first dimension; a vector or a scalar is one row."""
    return shape[0] if len(shape) > 1 else 1


def change(tensor: Tensor, base: Tensor) -> Tensor:
    """Return the change of a tensor as a matrix of its own, ``[rows, the rest]``."""
    return (tensor - base).reshape(rows(tuple(tensor.shape)), -1).contiguous()
