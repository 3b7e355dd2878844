"""Arithmetic on models' weights: the average that becomes the next head, and a step towards a child."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from derelay.baton.tensors import State


def average(states: Sequence[State]) -> State:
    """Return the mean of ``states``, tensor by tensor, in float32.

    The testers of a round must all arrive at the same bits: the sum runs over ``states`` in the
    order given, one elementwise IEEE addition after the other, which no number of threads or
    vector width changes (a reduction over a stacked tensor may be re-ordered). The caller fixes
    the order (by id).

    Raises
    ------
    ValueError
        If ``states`` is empty or its members differ in their names.
    """
    if not states:
        raise ValueError("an average needs at least one model, got none")
    names = states[0].keys()
    if any(state.keys() != names for state in states):
        raise ValueError("models of different tasks cannot be averaged: their tensors' names differ")
    mean = {}
    for name in names:
        total = states[0][name].to(torch.float32, copy=True)
        for state in states[1:]:
            total += state[name]
        mean[name] = total / len(states)
    return mean


def pooled(head: State, children: Sequence[State], step: float) -> State:
    """Return the head that comes of several children: their average, each weighing at most ``step``.

    Where they are too few for that, the rest of the weight stays with the old head: a child was judged
    by what it gains at ``step``, so it is used at no more. The same bits for all testers, as in `average`:
    each operation is rounded by itself.
    """
    mean = average(children)
    share = len(children) * step
    if share >= 1:
        return mean
    weight = torch.tensor(share, dtype=torch.float32)
    return {name: tensor + weight * (mean[name] - tensor) for name, tensor in head.items()}


def moved(head: State, child: State, alpha: float) -> State:
    """Return ``head`` moved by the share ``alpha`` of the way to ``child``."""
    return {name: torch.lerp(tensor, child[name], alpha) for name, tensor in head.items()}
