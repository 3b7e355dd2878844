"""The codec of half the bits."""

import torch

from derelay.baton.codec import Codec
from derelay.baton.errors import BatonError
from derelay.baton.layout import Layout, difference
from derelay.baton.tensors import State

_LARGEST = float(torch.finfo(torch.bfloat16).max)


class Half(Codec):
    """Float32 tensors as bfloat16, to the nearest: off by a 256th of each weight at most.

    A tensor that holds what bfloat16 would round to infinity stays as it is, and so do other dtypes.
    """

    name = "bf16"
    is_change = False
    settles_alike = True

    def encode(self, state: State, base: State | None) -> State:
        """Return the tensors rounded."""
        return {
            name: tensor.to(torch.bfloat16)
            if tensor.dtype == torch.float32 and float(tensor.abs().max()) <= _LARGEST
            else tensor
            for name, tensor in state.items()
        }

    def admit(self, stored: Layout, layout: Layout) -> None:
        """Take the model's own layout, float32 or bfloat16 where that has float32."""
        widened = {
            name: layout[name] if name in layout and _is_half(entry, layout[name]) else entry
            for name, entry in stored.items()
        }
        reason = difference(widened, layout)
        if reason:
            raise BatonError(f"what is stored is not the manifest's in bf16: {reason}; ask for it again")

    def decode(self, stored: State, layout: Layout, base: State | None) -> State:
        """Return the tensors widened again."""
        return {
            name: tensor.to(torch.float32) if layout[name][0] == "F32" else tensor
            for name, tensor in stored.items()
        }


def _is_half(stored: tuple[str, tuple[int, ...]], entry: tuple[str, tuple[int, ...]]) -> bool:
    return stored == ("BF16", entry[1]) and entry[0] == "F32"
