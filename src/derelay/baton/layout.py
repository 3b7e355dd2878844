"""The layout of a model: the names, dtypes and shapes of its tensors, without their values."""

from collections.abc import Mapping
from math import prod

Layout = Mapping[str, tuple[str, tuple[int, ...]]]
"""Tensor name to (dtype by its safetensors name, shape). The layout that a task expects is its template."""

ITEM_BYTES = {
    "F64": 8,
    "F32": 4,
    "F16": 2,
    "BF16": 2,
    "I64": 8,
    "I32": 4,
    "I16": 2,
    "I8": 1,
    "U8": 1,
    "BOOL": 1,
}
"""Bytes of one element, by dtype: every dtype that a baton may hold."""

MAX_DIMENSIONS = 8


def admissible(dtype: object, shape: tuple[object, ...]) -> bool:
    """Say whether a baton may hold a tensor of this dtype and shape, whatever types these came in."""
    known = isinstance(dtype, str) and dtype in ITEM_BYTES
    return known and len(shape) <= MAX_DIMENSIONS and all(type(n) is int and 0 < n < 1 << 63 for n in shape)


def tensor_bytes(dtype: str, shape: tuple[int, ...]) -> int:
    """Return the bytes of one tensor's elements."""
    return ITEM_BYTES[dtype] * prod(shape)


def layout_bytes(layout: Layout) -> int:
    """Return the bytes of all elements of a model of this layout."""
    return sum(tensor_bytes(dtype, shape) for dtype, shape in layout.values())


def difference(found: Layout, expected: Layout) -> str | None:
    """Say in what `found` first differs from `expected`; None if it does not."""
    for name in sorted(found.keys() | expected.keys()):
        if name not in found:
            return f"tensor {name!r} is missing"
        if name not in expected:
            return f"tensor {name!r} is not part of the model"
        if found[name] != expected[name]:
            return f"tensor {name!r} is {_describe(found[name])}, expected {_describe(expected[name])}"
    return None


def _describe(entry: tuple[str, tuple[int, ...]]) -> str:
    dtype, shape = entry
    return f"{dtype} {list(shape)}"
