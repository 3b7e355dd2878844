"""The codec of a change in coarse steps.

Each row of each tensor changes in whole steps, a step being a stated multiple of the root mean square of the
row's change: no weight is off by more than half a step. Most levels are 0, 1 or -1, so zstd finds most of the
bits superfluous. Uniform steps followed by an entropy code are within a quarter of a bit of what is possible
(Gish and Pierce, Asymptotically efficient quantizing, IEEE Trans. IT 14, 1968); rows (as in Dettmers et al.,
8-bit optimizers via block-wise quantization, ICLR 2022), since those of one matrix learn at different rates.

The same bits everywhere, encoded or decoded: elementwise float32 operations, each rounded by itself, and
integer sums, which have no order. A level has 15 bits and a step 8, so their product is exact: it makes no
difference whether a processor fuses it with the addition that follows.
"""

import math
from collections.abc import Iterator

import torch
from torch import Tensor

from derelay.baton.codec import Codec
from derelay.baton.codecs.changes import WHOLE, change, given, is_whole, rows
from derelay.baton.codecs.frame import Frame, compressed, frame_limit
from derelay.baton.codecs.levels import packed, packed_limit, unpacked
from derelay.baton.errors import BatonError
from derelay.baton.layout import Layout, difference
from derelay.baton.tensors import State

STEPS, LEVELS = "steps", "levels"
"""What is stored: the step of each row, the levels of all weights."""

_SMALLEST_STEP = 2.0**-120  # no level times it is a denormal, which some processors flush
_FINEST = 2**15 - 1


class Quantized(Codec):
    """A change to the base in steps of ``multiple`` times the root mean square of each row's change.

    Only float32 tensors are quantized, and of these no one that holds weights of 2**120 or more.

    Parameters
    ----------
    name
        What root blocks call it.
    multiple
        The step, in root mean squares; at most 4.
    """

    is_change = True
    settles_alike = True

    def __init__(self, name: str, multiple: float) -> None:
        self.name = name
        self._multiple = multiple

    def encode(self, state: State, base: State | None) -> State:
        """Return steps, levels, and what is stored whole."""
        base = given(base)
        whole = {name for name in state if is_whole(state[name], base[name])}
        steps: list[Tensor] = []
        levels = compressed(self._levels(state, base, [n for n in sorted(state) if n not in whole], steps))
        stored = {WHOLE + name: state[name] for name in whole}
        return stored | ({STEPS: torch.cat(steps), LEVELS: levels} if steps else {})

    def admit(self, stored: Layout, layout: Layout) -> None:
        """Take as many steps as rows, and no more bytes of levels than a frame of them can have."""
        whole = {name: entry for name, entry in layout.items() if WHOLE + name in stored}
        rest = {name: entry for name, entry in layout.items() if name not in whole}
        expected: Layout = {WHOLE + name: entry for name, entry in whole.items()}
        if any(dtype != "F32" for dtype, _ in rest.values()):
            raise BatonError("a tensor that is not float32 cannot be stored in steps; ask for it again")
        if rest:
            limit = frame_limit(sum(packed_limit(math.prod(shape)) for _, shape in rest.values()))
            dtype, shape = stored.get(LEVELS, ("", ()))
            if dtype != "U8" or len(shape) != 1 or shape[0] > limit:
                raise BatonError(f"levels are not U8 [1 to {limit}]; ask for it again")
            steps = sum(rows(shape) for _, shape in rest.values())
            expected = {**expected, STEPS: ("BF16", (steps,)), LEVELS: stored[LEVELS]}
        reason = difference(stored, expected)
        if reason:
            raise BatonError(f"what is stored is no change in steps: {reason}; ask for it again")

    def decode(self, stored: State, layout: Layout, base: State | None) -> State:
        """Return the base moved by so many steps."""
        base = given(base)
        state = {name: stored[WHOLE + name] for name in layout if WHOLE + name in stored}
        rest = sorted(layout.keys() - state.keys())
        if not rest:
            return state
        frame, at = Frame(stored[LEVELS]), 0
        for name in rest:
            shape = layout[name][1]
            steps = stored[STEPS][at : at + rows(shape)].to(torch.float32)
            at += len(steps)
            moved = unpacked(frame, math.prod(shape)).view(len(steps), -1).to(torch.float32)
            moved *= steps[:, None]
            state[name] = base[name] + moved.view(shape)
        frame.end()
        return state

    def _levels(self, state: State, base: State, names: list[str], steps: list[Tensor]) -> Iterator[Tensor]:
        for name in names:
            moved = change(state[name], base[name])
            steps.append(self._steps(moved))
            moved /= steps[-1].to(torch.float32)[:, None]
            yield from packed(moved.round_().to(torch.int16).view(-1))

    def _steps(self, moved: Tensor) -> Tensor:
        """Return the step of each row of a change, as bfloat16, no smaller than that int16 levels suffice."""
        largest = moved.abs().amax(1, keepdim=True)
        parts = (moved / largest.clamp(min=_SMALLEST_STEP)).mul_(_FINEST).round_().to(torch.int32)
        squares = parts.mul_(parts).sum(1)  # int64, and exact whatever the order
        mean = torch.sqrt(squares.to(torch.float64) / moved.shape[1]) / _FINEST
        step = largest[:, 0].to(torch.float64) * torch.clamp(self._multiple * mean, min=1 / (_FINEST - 255))
        return step.clamp(min=_SMALLEST_STEP).to(torch.bfloat16)
