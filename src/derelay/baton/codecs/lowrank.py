"""The codec of a change of low rank.

A matrix of m rows and n columns is the sum of r products of a column and a row; with r (m + n + 1) < m n that
takes fewer numbers (Ding and Hu, eFedLLM, arXiv 2411.16003). The products are found by a randomized singular
value decomposition (Halko, Martinsson and Tropp, SIAM Review 53, 2011), which need not give the same bits on
two machines; adding them up does: elementwise float32 operations in a fixed order, each rounded by itself.
"""

import math

import torch
from torch import Tensor

from derelay.baton.codec import Codec
from derelay.baton.codecs.changes import WHOLE, change, given, is_whole, rows
from derelay.baton.errors import BatonError
from derelay.baton.layout import Layout, difference
from derelay.baton.tensors import State

LEFT, RIGHT, DENSE = "left:", "right:", "dense:"
"""Before a matrix's name: its factors, ``[m, r]`` and ``[n, r]``, or its change where these save nothing."""

_CACHED = 1 << 16  # elements that are added up at a time: so many stay in a processor's cache
_SPARE = 8  # directions more than are kept, and passes over the matrix: what Halko et al. recommend
_PASSES = 2


class LowRank(Codec):
    """A change to the base, each matrix by its largest singular vectors, in bfloat16.

    Vectors, and matrices that no factors are smaller than, are changes in bfloat16.

    Parameters
    ----------
    name
        What root blocks call it.
    energy
        Part of the sum of squares of a matrix's change, in (0, 1], that it is to keep.
    budget
        Part of the matrix's bytes, in (0, 1), that it may take for that; then it keeps less.
    """

    is_change = True
    settles_alike = False

    def __init__(self, name: str, energy: float, budget: float) -> None:
        self.name = name
        self._energy = energy
        self._budget = budget

    def encode(self, state: State, base: State | None) -> State:
        """Return factors, dense changes, and what is stored whole."""
        base, stored = given(base), {}
        for name, tensor in state.items():
            if is_whole(tensor, base[name]):
                stored[WHOLE + name] = tensor
                continue
            moved = change(tensor, base[name])
            most = self._most(*moved.shape)
            if most:
                left, right = self._factors(moved, most)
                stored[LEFT + name], stored[RIGHT + name] = left, right
            else:
                stored[DENSE + name] = moved.view(tensor.shape).to(torch.bfloat16)
        return stored

    def admit(self, stored: Layout, layout: Layout) -> None:
        """Take for each tensor factors that are smaller than it, or its change, or itself."""
        expected = {}
        for name, (dtype, shape) in layout.items():
            m, n = _sides(shape)
            rank = (stored.get(LEFT + name, ("", ()))[1] or (0,))[-1]
            if WHOLE + name in stored or dtype != "F32":
                expected[WHOLE + name] = (dtype, shape)
            elif rank > 0 and rank * (m + n + 1) < m * n:
                expected[LEFT + name], expected[RIGHT + name] = ("BF16", (m, rank)), ("BF16", (n, rank))
            else:
                expected[DENSE + name] = ("BF16", shape)
        reason = difference(stored, expected)
        if reason:
            raise BatonError(f"what is stored is no change of low rank: {reason}; ask for it again")

    def decode(self, stored: State, layout: Layout, base: State | None) -> State:
        """Return the base and all products added up, one after the other."""
        base, state = given(base), {}
        for name, (_, shape) in layout.items():
            if WHOLE + name in stored:
                state[name] = stored[WHOLE + name]
                continue
            if DENSE + name in stored:
                state[name] = base[name] + stored[DENSE + name].to(torch.float32)
                continue
            left, right = (stored[side + name].to(torch.float32) for side in (LEFT, RIGHT))
            parts = torch.split(left, max(1, _CACHED // len(right)))
            moved = torch.cat([_summed(part, right) for part in parts])
            state[name] = base[name] + moved.view(shape)
        return state

    def _most(self, m: int, n: int) -> int:
        """Return the largest rank within the budget; 0 if there is none, or nothing would be saved."""
        most = int(2 * self._budget * m * n / (m + n))  # a number takes half of what it takes in the matrix
        return min(most, (m * n - 1) // (m + n + 1))

    def _factors(self, moved: Tensor, most: int) -> tuple[Tensor, Tensor]:
        """Return the factors of the smallest rank that keeps the energy, of at most rank `most`."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            u, s, v = torch.svd_lowrank(moved, min(most + _SPARE, *moved.shape), _PASSES)
        kept = s.square().cumsum(0)[:most]
        rank = min(most, 1 + int((kept < self._energy * moved.square().sum()).sum()))
        scale = s[:rank].sqrt()
        return (u[:, :rank] * scale).to(torch.bfloat16), (v[:, :rank] * scale).to(torch.bfloat16)


def _summed(left: Tensor, right: Tensor) -> Tensor:
    """Return the sum of the products of columns of ``left`` and ``right``, added one after the other."""
    total = torch.zeros(len(left), len(right))
    for column, row in zip(left.unbind(1), right.t().contiguous(), strict=True):
        total += column[:, None] * row  # two operations: never fused into one
    return total


def _sides(shape: tuple[int, ...]) -> tuple[int, int]:
    return rows(shape), math.prod(shape) // rows(shape)
