"""One tensor of a manifest."""

from dataclasses import dataclass

from derelay.baton.checks import check, check_digest, check_name, check_size
from derelay.baton.layout import ITEM_BYTES, MAX_DIMENSIONS, admissible, tensor_bytes


@dataclass(frozen=True)
class TensorSpec:
    """A tensor's name, dtype (by its safetensors name), shape, and sha-256 of its little-endian bytes."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    sha256: bytes

    def __post_init__(self) -> None:
        check_name("tensor", self.name)
        rule = f"at most {MAX_DIMENSIONS} positive dimensions of {', '.join(ITEM_BYTES)}"
        check(admissible(self.dtype, self.shape), f"tensor {self.name!r} is not {rule}")
        check_size(f"tensor {self.name!r}", tensor_bytes(self.dtype, self.shape))
        check_digest(f"sha256 of tensor {self.name!r}", self.sha256)
