"""Fit the numbers of `derelay.sim.oracle.Oracle` to what `legs.py` recorded."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from derelay.rules.parameters import OPEN
from derelay.sim.oracle import Curve, Oracle

Floats = NDArray[np.float64]
STEP = OPEN.step / 10_000
MARGINS = (0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2, 0.3, 0.5, 0.8)
"""Nats that may be left to learn when a run ends: the one under which gains fit best is taken."""
CLIPPED = 0.2
"""Nats per case from which on a mean gain may be much less than it would be unclipped."""
SQUEEZED = 0.9
"""Nats per case from which on clipping leaves no differences to be seen."""
END = 6
"""Rounds at the end of a run, over which its best head is averaged."""


@dataclass(frozen=True)
class Measured:
    """One model at one step: what each participant measured, nan where its own."""

    seed: int
    round: int
    kind: str
    size: int
    step: float
    left: float
    gains: Floats
    errors: Floats

    @property
    def gain(self) -> float:
        """Mean over the participants."""
        return float(np.nanmean(self.gains))

    @property
    def scatter(self) -> float:
        """Variance over the participants."""
        return float(np.nanvar(self.gains, ddof=1))

    @property
    def error(self) -> float:
        """Median of the errors reported."""
        return float(np.nanmedian(self.errors))

    @property
    def weight(self) -> float:
        """Weight of each child in it."""
        return self.step if self.size == 1 else min(STEP, 1 / self.size)

    @property
    def reach(self) -> float:
        """How far along the shared direction, if its legs are whole and honest."""
        return self.size * self.weight

    @property
    def aside(self) -> float:
        """Squared length on directions of its own, likewise."""
        return self.size * self.weight**2


class Record:
    """A file of `legs.py`: heads' quality by seed and round, and everything measured."""

    def __init__(self, path: Path) -> None:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        self.task: str = rows[0]["task"]
        self.quality = {
            (row["seed"], row["round"]): float(np.mean(row["gains"])) for row in rows if row["kind"] == "head"
        }
        self.seeds = sorted({seed for seed, _ in self.quality})
        self.rounds = 1 + max(number for _, number in self.quality)
        self.ends = {
            seed: float(np.mean([self.quality[seed, self.rounds - 1 - i] for i in range(END)]))
            for seed in self.seeds
        }
        self._rows: list[dict[str, Any]] = [row for row in rows if row["kind"] != "head"]
        pools = {(row["seed"], row["round"]): row for row in self._rows if row["kind"] == "pool"}
        self._seen = {at: float(np.nanmean(np.array(row["gains"], dtype=float))) for at, row in pools.items()}

    def measured(self, margin: float) -> list[Measured]:
        """Return what was measured, ``margin`` nats being left to learn at the end of a run."""
        return [
            Measured(
                seed=row["seed"],
                round=row["round"],
                kind=row["kind"],
                size=row.get("size", 1),
                step=row["step"],
                left=self.left(row["seed"], row["round"], margin),
                gains=np.array(row["gains"], dtype=float),
                errors=np.array(row["errors"], dtype=float),
            )
            for row in self._rows
        ]

    def progress(self, seed: int, number: int) -> float:
        """Return by how much the head improves in a round, as testers see it: they clip large gains."""
        after = self.quality.get((seed, number + 1), self.ends[seed])
        gained, seen = after - self.quality[seed, number], self._seen[seed, number]
        return min(gained, seen) if seen > CLIPPED else gained

    def left(self, seed: int, number: int, margin: float) -> float:
        """Return the nats that a head leaves to learn."""
        ahead = sum(self.progress(seed, later) for later in range(number, self.rounds))
        return max(ahead, 0.0) + margin


def fit(record: Record) -> tuple[Oracle, float]:
    """Return the oracle of a record, and the margin under which it fits best."""
    tried = [(*fit_gains(record.measured(margin)), margin) for margin in MARGINS]
    _, curves, margin = min(tried, key=lambda one: one[0])
    models = record.measured(margin)
    oracle = Oracle(
        start=float(np.mean([record.left(seed, 0, margin) for seed in record.seeds])),
        beyond=margin,
        **curves,
        **fit_scatter(models),
        reach_effort=1.0,
        aside_effort=1.0,
        noise=Curve(1.0, 0.0),
        toll=Curve(1.0, 0.0),
        poison=Curve(1.0, 0.0),
    )
    return replace(oracle, **fit_cheats(models, oracle, record.task)), margin


def fit_gains(models: Sequence[Measured]) -> tuple[float, dict[str, Curve]]:
    """Fit common, bend and drift to honest children and pools; return what is left unexplained, and these.

    Fitted twice: what the first fit leaves unexplained says how much each model is to count.
    """
    used = [one for one in models if one.kind in ("honest", "pool") and one.gain < SQUEEZED]
    left, reach, aside = (
        np.array([getattr(one, name) for one in used]) for name in ("left", "reach", "aside")
    )
    gains, unsure = np.array([one.gain for one in used]), smooth_error(used)

    def missed(p: Floats) -> Floats:
        common, bend, drift = (np.exp(p[i]) * left ** p[i + 1] for i in (0, 2, 4))
        return np.asarray(common * reach - bend * reach**2 - drift * aside - gains)

    first = least_squares(lambda p: missed(p) / unsure, [-1, 1, -2, 1, -1, 1], loss="soft_l1")
    apart = np.exp(log_linear(used, np.log(np.abs(missed(first.x)) + 1e-6)))
    found = least_squares(lambda p: missed(p) / apart, first.x, loss="soft_l1")
    curves = [Curve(float(np.exp(found.x[i])), float(found.x[i + 1])) for i in (0, 2, 4)]
    score = float(np.mean(np.log(np.abs(missed(found.x)) + 1e-6)))
    return score, dict(zip(("common", "bend", "drift"), curves, strict=True))


def smooth_error(models: Sequence[Measured]) -> Floats:
    """Return the standard error of each mean gain, smoothed over progress and size."""
    rough = np.array([math.sqrt(max(one.scatter, 1e-16) / np.sum(~np.isnan(one.gains))) for one in models])
    return np.exp(log_linear(models, np.log(rough)))


def log_linear(models: Sequence[Measured], values: Floats) -> Floats:
    """Return a fit of ``values`` by the logarithms of progress and of weight."""
    grid = np.array([[1.0, math.log(one.left), math.log(one.weight)] for one in models])
    return np.asarray(grid @ np.linalg.lstsq(grid, values, rcond=None)[0])


def curve(left: Floats, values: Floats) -> Curve:
    """Fit a power law to positive values."""
    power, scale = np.polyfit(np.log(left), np.log(values), 1)
    return Curve(float(np.exp(scale)), float(power))


def fit_scatter(models: Sequence[Measured]) -> dict[str, Any]:
    """Fit how testers differ, what errors they report, and how legs do."""
    honest = [one for one in models if one.kind == "honest" and one.step == STEP and one.gain < SQUEEZED]
    left = np.array([one.left for one in honest])
    spread = curve(left, np.array([one.error for one in honest]) / STEP)
    tester_log, case_log, length_log = log_errors(honest)
    whole = np.array([one.scatter for one in honest]) / STEP**2 / math.exp(2 * tester_log**2)
    typical = curve(left, whole)  # of the variance
    excess = typical.scale * left**typical.power - (spread.scale * left**spread.power) ** 2
    more = excess > 0  # elsewhere testers' errors explain all that they differ by
    return {
        "spread": spread,
        "differ": curve(left[more], np.sqrt(excess[more])) if np.mean(more) > 1 / 2 else Curve(0.0, 0.0),
        "tester_log": tester_log,
        "case_log": case_log,
        "length_log": length_log,
        "shared": shared(models),
        "merit": fit_merit(honest),
    }


def log_errors(honest: Sequence[Measured]) -> tuple[float, float, float]:
    """Return the standard deviations of log errors: between testers, of one measurement, between legs."""
    testers, cases, legs = [], [], []
    for group in by_round(honest):
        logs = np.log(np.maximum(np.array([one.errors for one in group]), 1e-9))
        of_testers = np.nanmean(logs - np.nanmean(logs, axis=1, keepdims=True), axis=0)
        of_legs = np.nanmean(logs - of_testers, axis=1)
        rest = float(np.nanvar(logs - of_testers - of_legs[:, None], ddof=1))
        cases.append(rest)
        testers.append(max(float(np.nanvar(of_testers, ddof=1)) - rest / len(group), 0.0))
        legs.append(max(float(np.var(of_legs, ddof=1)) - rest / logs.shape[1], 0.0))
    tester, case, leg = (math.sqrt(float(np.mean(each))) for each in (testers, cases, legs))
    return tester, case, leg


def shared(models: Sequence[Measured]) -> float:
    """Return which part of a leg all legs share: what averaging them leaves of the errors."""
    singles = {(one.seed, one.round): [] for one in models}
    for one in models:
        if one.kind == "honest" and one.step == 1:
            singles[one.seed, one.round].append(one.error**2)
    shares = []
    for one in models:
        if one.kind == "pool" and one.reach == 1:
            ratio = one.error**2 / float(np.mean(singles[one.seed, one.round]))
            shares.append((ratio - 1 / one.size) / (1 - 1 / one.size))
    return float(np.clip(np.mean(shares), 0.01, 0.99))


def fit_merit(honest: Sequence[Measured]) -> Curve:
    """Fit how much legs differ in what they truly gain: the variance that testers do not explain."""
    groups = by_round(honest)
    left = np.array([group[0].left for group in groups])
    noise = np.array([chance(group) for group in groups])
    excess = np.array([np.var([one.gain for one in group], ddof=1) for group in groups]) - noise

    def residuals(p: Floats) -> Floats:
        return np.asarray(((STEP * np.exp(p[0]) * left ** p[1]) ** 2 - excess) / noise)

    found = least_squares(
        residuals, [-3.0, 1.0]
    )  # no outlier is left out: a few legs that differ are the point
    return Curve(float(np.exp(found.x[0])), float(found.x[1]))


def chance(group: Sequence[Measured]) -> float:
    """Return the variance of a child's mean gain by chance, testers' own means taken out."""
    gains = np.array([one.gains for one in group])
    rest = gains - np.nanmean(gains, axis=1, keepdims=True)
    rest -= np.nanmean(rest, axis=0)
    children, testers = gains.shape
    free = np.sum(~np.isnan(gains)) - children - testers + 1
    return float(np.nansum(rest**2) / free / (testers - 1))


def by_round(models: Sequence[Measured]) -> list[list[Measured]]:
    """Group models by seed and round."""
    groups: dict[tuple[int, int], list[Measured]] = {}
    for one in models:
        groups.setdefault((one.seed, one.round), []).append(one)
    return list(groups.values())


def fit_cheats(models: Sequence[Measured], oracle: Oracle, task: str) -> dict[str, Any]:
    """Fit how far less effort, noise and wrong labels go."""
    from derelay.learn import load_task

    judged = [one for one in models if one.step == STEP and one.round > 0]  # noise does nothing to zeros
    efforts = {"tenth": 0.1, "one step": 1 / load_task(task).steps}
    ways = [fit_way([one for one in judged if one.kind == kind], oracle) for kind in efforts]
    noisy = [one for one in judged if one.kind.startswith("noise")]
    shares = np.array([float(one.kind.split()[1]) for one in noisy])
    lefts = np.array([one.left for one in noisy])
    size = np.sqrt(1 - oracle.shared) * STEP * shares * [oracle.spread.at(left) for left in lefts]
    noise = curve(lefts, np.array([one.error for one in noisy]) / size)
    toll = fit_toll(noisy, shares)
    poisoned = [one for one in judged if one.kind == "poison"]
    ratio = [math.sqrt(max(-one.gain, 1e-6) / (STEP**2 * toll.at(one.left))) for one in poisoned]
    return {
        "reach_effort": fit_effort(list(efforts.values()), [reach for reach, _ in ways]),
        "aside_effort": fit_effort(list(efforts.values()), [aside for _, aside in ways]),
        "noise": noise,
        "toll": toll,
        "poison": curve(np.array([one.left for one in poisoned]), np.array(ratio)),
    }


def fit_toll(noisy: Sequence[Measured], shares: Floats) -> Curve:
    """Fit what noise costs, as its square."""
    left, unsure = np.array([one.left for one in noisy]), smooth_error(noisy)
    gains = np.array([one.gain for one in noisy])

    def residuals(p: Floats) -> Floats:
        return np.asarray((-np.exp(p[0]) * left ** p[1] * (STEP * shares) ** 2 - gains) / unsure)

    found = least_squares(residuals, [0.0, 0.5], loss="soft_l1")
    return Curve(float(np.exp(found.x[0])), float(found.x[1]))


def fit_way(models: Sequence[Measured], oracle: Oracle) -> tuple[float, float]:
    """Return how far shorter legs go: on their own by their errors, then with the others by their gains."""
    whole = np.array([oracle.spread.at(one.left) * STEP for one in models])
    errors = np.array([max(one.error, 1e-9) for one in models])
    aside = float(np.exp(np.median(np.log(errors / whole))))
    drift = np.array([oracle.drift.at(one.left) * (STEP * aside) ** 2 for one in models])
    common = np.array([oracle.common.at(one.left) * STEP for one in models])
    gains, sure = np.array([one.gain for one in models]) + drift, smooth_error(models) ** -2.0
    return float(np.sum(sure * common * gains) / np.sum(sure * common**2)), aside


def fit_effort(efforts: Sequence[float], ways: Sequence[float]) -> float:
    """Fit the share of the steps after which a leg slows down to how far shorter legs go."""

    def residuals(p: Floats) -> Floats:
        scale = math.exp(p[0])
        gone = [math.expm1(-effort / scale) / math.expm1(-1 / scale) for effort in efforts]
        return np.log(np.array(gone) / np.maximum(ways, 1e-3))

    return float(np.exp(least_squares(residuals, [-1.0]).x[0]))
