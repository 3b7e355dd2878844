"""Labelled cases, and the share of them that one participant holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Cases:
    """Labelled cases.

    Parameters
    ----------
    inputs
        What the model sees, ``[n, ...]``.
    targets
        What it should say, ``[n]`` or, for sequences, ``[n, length]``.
    strata
        ``[n]`` int64: the group each case belongs to (its class, its topic), which is what a
        non-IID split is skewed by.

    Raises
    ------
    ValueError
        If the three differ in their number of cases.
    """

    inputs: Tensor
    targets: Tensor
    strata: Tensor

    def __post_init__(self) -> None:
        counts = len(self.inputs), len(self.targets), len(self.strata)
        if len(set(counts)) != 1:
            raise ValueError(
                f"cases need as many inputs as targets and strata, got {counts[0]}, {counts[1]} and "
                f"{counts[2]}: give one row of each per case"
            )

    def __len__(self) -> int:
        return len(self.inputs)

    def take(self, index: Tensor) -> Cases:
        """Return the cases at ``index`` (positions, or a mask), in that order."""
        return Cases(self.inputs[index], self.targets[index], self.strata[index])

    @staticmethod
    def concat(parts: Sequence[Cases]) -> Cases:
        """Return all cases of ``parts``, one after the other."""
        return Cases(
            torch.cat([part.inputs for part in parts]),
            torch.cat([part.targets for part in parts]),
            torch.cat([part.strata for part in parts]),
        )


@dataclass(frozen=True)
class Share:
    """One participant's data.

    ``train`` is what it trains on. ``held_out`` is never trained on by anyone: its holder tests
    other participants' children with it.
    """

    train: Cases
    held_out: Cases
