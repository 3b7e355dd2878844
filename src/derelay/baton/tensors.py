"""Tensors as bytes: their dtypes by name, their memory, their hash, and what makes them unfit."""

import math
from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from derelay.baton.errors import BatonError
from derelay.baton.layout import Layout, admissible
from derelay.baton.pieces import digest_of

State = dict[str, Tensor]
"""The tensors of a model by name, as `nn.Module.state_dict` gives them."""

DTYPES = {
    "F64": torch.float64,
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "I64": torch.int64,
    "I32": torch.int32,
    "I16": torch.int16,
    "I8": torch.int8,
    "U8": torch.uint8,
    "BOOL": torch.bool,
}
_NAMES = {dtype: name for name, dtype in DTYPES.items()}


def layout_of(state: Mapping[str, Tensor]) -> Layout:
    """Return names, dtypes and shapes of a state: the template, where the state is the task's own model.

    Raises
    ------
    BatonError
        For a tensor that no baton can hold: sparse, without data, of an exotic dtype.
    """
    for name, tensor in state.items():
        dense = tensor.layout == torch.strided and not tensor.is_meta
        if not (dense and admissible(_NAMES.get(tensor.dtype), tuple(tensor.shape))):
            kind = f"{tensor.dtype}, {list(tensor.shape)}, {tensor.layout}, on {tensor.device}"
            raise BatonError(
                f"tensor {name!r} ({kind}) cannot be handed on; make it a dense {'/'.join(DTYPES)}"
            )
    return {name: (_NAMES[tensor.dtype], tuple(tensor.shape)) for name, tensor in state.items()}


def memory(tensor: Tensor) -> memoryview:
    """Return the memory of a contiguous CPU tensor as writable bytes (little-endian, as PyTorch is)."""
    return tensor.reshape(-1).view(torch.uint8).numpy().data


def copy(part: bytes | memoryview, place: memoryview) -> None:
    """Copy bytes while other threads run, which they do not while a memoryview is assigned."""
    np.copyto(np.frombuffer(place, np.uint8), np.frombuffer(part, np.uint8))


def digest(tensor: Tensor) -> bytes:
    """Return the hash of the tensor's bytes: its sha-256, or that of its pieces' if it has several."""
    return digest_of(memory(tensor))


def flaw(tensor: Tensor) -> str | None:
    """Say what makes the values of a tensor unfit for a model; None if nothing does."""
    low, high = tensor.view(torch.uint8 if tensor.dtype == torch.bool else tensor.dtype).aminmax()
    if not (
        math.isfinite(low) and math.isfinite(high)
    ):  # NaN is the minimum and maximum of whatever holds it
        return "holds NaN or infinity"
    if tensor.dtype == torch.bool and high > 1:
        return "holds bytes that are neither true nor false"
    return None
