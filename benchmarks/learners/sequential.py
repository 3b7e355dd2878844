"""One model at a time: on everybody's data in one place, or handed round (cyclic weight transfer)."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

import torch

from derelay.learn import Cases, Share
from learners.networks import accuracy, network
from learners.outcome import Outcome, worst_drop
from learners.plain import PROBE, descend, leg_seed
from learners.problem import Problem


def centralized(problem: Problem, shares: Sequence[Share], steps: int, rate: float, seed: int) -> Outcome:
    """Train on all shares in one place."""
    everything = Cases.concat([share.train for share in shares])
    return _handed_on(problem, [everything], 1, steps, rate, seed)


def cyclic(
    problem: Problem, shares: Sequence[Share], steps: int, laps: int, rate: float, seed: int
) -> Outcome:
    """Hand the model from holder to holder, ``laps`` times round; nobody tests it."""
    return _handed_on(problem, [share.train for share in shares], laps, steps, rate, seed)


def _handed_on(
    problem: Problem, holdings: Sequence[Cases], laps: int, steps: int, rate: float, seed: int
) -> Outcome:
    model = network(problem.network, problem.shape, problem.classes)
    legs = laps * len(holdings)
    leg = steps // legs
    test, curve, seconds = problem.test, [], 0.0
    for number in range(legs):
        cases = holdings[number % len(holdings)]
        generator = torch.Generator().manual_seed(leg_seed(seed, number))
        begun = perf_counter()
        descend(model, cases.inputs, cases.targets, leg, rate, generator)
        seconds += perf_counter() - begun
        by = slice(None if number + 1 == legs else PROBE)
        curve.append(((number + 1) * leg, accuracy(model, test.inputs[by], test.targets[by])))
    size = sum(4 * weights.numel() for weights in model.parameters())
    handed = laps * size if len(holdings) > 1 else 0
    return Outcome(
        accuracy=curve[-1][1],
        worst_drop=worst_drop(curve),
        steps=curve[-1][0],
        lineage_steps=curve[-1][0],
        bytes_per_holder=handed,
        seconds=seconds,
        curve=curve,
    )
