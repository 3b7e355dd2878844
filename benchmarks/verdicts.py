"""Measure the verdict rule on the demo's own kind of run, without a chain.

Twelve participants hold shares of the task's cases (Dirichlet, alpha 0.3). In every round seven
drawn trainers each hand in a child, the other five score it on their held-out cases, the children
that did not fail are averaged, and the best candidate becomes the head if it gains enough: the
same functions that the nodes use, and all trainers honest. Beside each honest child the testers
score children that are not; these never reach the pool.

- honest, before or at the plateau: the plateau begins with the first head whose log-likelihood on
  the public test cases is within 0.1 nat (`--plateau`) of the best head of its run;
- poison: trained on flipped labels, as many steps;
- noise r %: the head, each tensor with normal noise of r % of that tensor's standard deviation;
- a tenth: honest, with a tenth of the steps, before the plateau.

``python benchmarks/verdicts.py --table`` prints Markdown, without ``--table`` one JSON line per rule
and condition. Five seeds of digits take about five minutes on one core.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import isqrt

import torch
from torch import nn

from derelay.learn import Cases, State, Task, Yardstick, load_task, pooled, split
from derelay.rules.parameters import OPEN
from derelay.rules.units import NANO
from derelay.rules.verdict import Seat, Verdict, robust_gain, verdict

PARTICIPANTS = 12
TRAINERS = 7
ALPHA = 0.3
STEPS = (1.0, 0.5, 0.25, 0.125)
NOISE = (0.01, 0.05, 0.15, 0.3)


@dataclass(frozen=True)
class Child:
    """A child to be judged: its condition, and its seats' measurements by the step towards it."""

    condition: str
    round: int
    seats: dict[float, list[Seat]]


@dataclass(frozen=True)
class Rule:
    """One way to judge; by default the one that the protocol uses."""

    name: str
    step: float = OPEN.step / 10_000
    join: Callable[[Sequence[Seat]], Seat] = lambda seats: robust_gain(seats, clip=OPEN.clip, trim=OPEN.trim)
    g_min: int = OPEN.g_min
    z_pass: int = OPEN.z_pass
    z_fail: int = OPEN.z_fail

    def judge(self, child: Child) -> Verdict:
        """Return the verdict, all seats being present."""
        seat = self.join(child.seats[self.step])
        rule = {"g_min": self.g_min, "z_pass": self.z_pass, "z_fail": self.z_fail}
        return verdict([seat], clip=10**12, trim=0, **rule).verdict


def mean(seats: Sequence[Seat]) -> Seat:
    """Plain mean."""
    return robust_gain(seats, clip=OPEN.clip, trim=0)


def spread(seats: Sequence[Seat]) -> Seat:
    """Trimmed mean, its error from how much the seats differ instead of from their own errors."""
    gains = [seat.gain for seat in seats]
    centre = robust_gain(seats, clip=OPEN.clip, trim=OPEN.trim).gain
    return Seat(centre, round(statistics.stdev(gains) / len(gains) ** 0.5))


def winsorized(seats: Sequence[Seat]) -> Seat:
    """Mean with the lowest and the highest gain replaced by their neighbours."""
    gains = sorted(seat.gain for seat in seats)
    return Seat(round(statistics.mean([gains[1], *gains[1:-1], gains[-2]])), mean(seats).se)


def median(seats: Sequence[Seat]) -> Seat:
    """Median; its error is that of a mean, times the 1.25 of large normal samples."""
    return Seat(round(statistics.median(seat.gain for seat in seats)), mean(seats).se * 5 // 4)


def inverse_variance(seats: Sequence[Seat]) -> Seat:
    """Mean weighted by the inverse of the squared errors."""
    weights = [1 / max(seat.se, 1) ** 2 for seat in seats]
    centre = sum(weight * seat.gain for weight, seat in zip(weights, seats, strict=True)) / sum(weights)
    return Seat(round(centre), isqrt(round(1 / sum(weights))))


CHOSEN = Rule("chosen")
RULES = [
    CHOSEN,
    *(
        replace(CHOSEN, name=join.__name__, join=join)
        for join in (mean, winsorized, median, inverse_variance, spread)
    ),
    *(replace(CHOSEN, name=f"step {step:g}", step=step) for step in STEPS),
    *(
        replace(CHOSEN, name=f"g_min {g / NANO:g}", g_min=g)
        for g in (0, NANO // 1000, NANO // 250, NANO // 100)
    ),
    *(
        replace(CHOSEN, name=f"z {z_pass / 1000:g}, {z_fail / 1000:g}", z_pass=z_pass, z_fail=z_fail)
        for z_pass, z_fail in ((1000, 1000), (1282, 1282), (1645, 1645), (1960, 1960), (1282, 1960))
    ),
]


def noisy(head: State, share: float, generator: torch.Generator) -> State:
    """Return ``head`` with noise of ``share`` of each tensor's standard deviation."""
    return {
        name: tensor + share * tensor.std(correction=0) * torch.randn(tensor.shape, generator=generator)
        for name, tensor in head.items()
    }


def state_of(model: nn.Module) -> State:
    """Return a copy of the weights."""
    return {name: tensor.clone() for name, tensor in model.state_dict().items()}


def trained(task: Task, head: State, cases: Cases, steps: int, generator: torch.Generator) -> State:
    """Return what a leg on ``cases`` makes of ``head``."""
    model = task.model()
    model.load_state_dict(head)
    task.train(model, cases, steps, generator)
    return state_of(model)


def elect(
    head: State, judged: Sequence[tuple[Seat, Verdict, State]], yardsticks: Sequence[Yardstick]
) -> State | None:
    """Return the candidate of the best robust gain, if that exceeds g_head: the protocol's pool."""
    passed = [state for _, outcome, state in judged if outcome is Verdict.PASS]
    kept = [state for _, outcome, state in judged if outcome is not Verdict.FAIL]
    if not kept:
        return None
    best = max((one for one in judged if one[1] is not Verdict.FAIL), key=lambda one: one[0].gain)[2]
    candidates = [pooled(head, states, CHOSEN.step) for states in (kept, passed) if states] + [best]
    votes = [measure(yardsticks, candidate, 1.0) for candidate in candidates]
    gains = [robust_gain(seats, clip=OPEN.clip, trim=OPEN.vote_trim).gain for seats in votes]
    index = max(range(len(gains)), key=gains.__getitem__)
    return candidates[index] if gains[index] > OPEN.g_head else None


def measure(yardsticks: Sequence[Yardstick], child: State, step: float) -> list[Seat]:
    """Return what every tester measures."""
    gains = [yardstick.gain(child, step) for yardstick in yardsticks]
    return [Seat(gain.mean_nano, gain.se_nano) for gain in gains]


def run(task: Task, seed: int, rounds: int, plateau: float) -> Iterator[Child]:
    """Yield every child of one run, judged by nobody yet."""
    generator = torch.Generator().manual_seed(seed)
    cases, public = task.cases()
    shares = split(cases, PARTICIPANTS, ALPHA, generator, task.held_out)
    model = task.model()
    head = state_of(model)
    children: list[Child] = []
    quality: list[float] = []
    for number in range(rounds):
        model.load_state_dict(head)
        quality.append(float(task.score(model, public).mean()))
        order = torch.randperm(PARTICIPANTS, generator=generator).tolist()
        yardsticks = [Yardstick(task, head, shares[t].held_out, OPEN.clip / NANO) for t in order[TRAINERS:]]
        judged = []
        for trainer in order[:TRAINERS]:
            own = shares[trainer].train
            honest = trained(task, head, own, task.steps, generator)
            states = {
                "honest": honest,
                "poison": trained(task, head, task.poison(own), task.steps, generator),
                "a tenth": trained(task, head, own, max(1, task.steps // 10), generator),
            } | {f"noise {share:.0%}": noisy(head, share, generator) for share in NOISE}
            for condition, state in states.items():
                seats = {step: measure(yardsticks, state, step) for step in STEPS}
                children.append(Child(condition, number, seats))
                if state is honest:
                    judged.append((CHOSEN.join(seats[CHOSEN.step]), CHOSEN.judge(children[-1]), state))
        head = elect(head, judged, yardsticks) or head
    begin = next(number for number, value in enumerate(quality) if value >= max(quality) - plateau)
    for child in children:
        late = child.round >= begin
        if child.condition == "honest":
            yield replace(child, condition="honest, at the plateau" if late else "honest, before the plateau")
        elif child.condition != "a tenth" or not late:
            yield child


def main() -> None:
    """Run as the module's docstring says."""
    parser = argparse.ArgumentParser(description="Measure the verdict rule.")
    parser.add_argument("--task", default="digits")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--rounds", type=int, default=16)
    parser.add_argument("--plateau", type=float, default=0.1, help="nats from the best head")
    parser.add_argument("--table", action="store_true", help="Markdown instead of JSON lines")
    options = parser.parse_args()
    torch.set_num_threads(1)
    task = load_task(options.task)
    children = [child for seed in options.seeds for child in run(task, seed, options.rounds, options.plateau)]
    conditions = sorted({child.condition for child in children}, key=order_of)
    if options.table:
        print(f"| pass/undecided/fail, % | {' | '.join(conditions)} |")
        print(f"|---|{'---|' * len(conditions)}")
    for rule in RULES:
        cells = []
        for condition in conditions:
            counts = Counter(rule.judge(child) for child in children if child.condition == condition)
            shares = [
                100 * counts[each] / counts.total()
                for each in (Verdict.PASS, Verdict.UNDECIDED, Verdict.FAIL)
            ]
            cells.append("/".join(f"{share:.0f}" for share in shares))
            if not options.table:
                names = ("passed", "undecided", "failed")
                line = {
                    "task": task.name,
                    "rule": rule.name,
                    "condition": condition,
                    "children": counts.total(),
                }
                print(json.dumps(line | dict(zip(names, shares, strict=True))))
        if options.table:
            print(f"| {rule.name} | {' | '.join(cells)} |")


def order_of(condition: str) -> tuple[int, int]:
    """Return the place of a condition in the table: honest, a tenth, poison, then noise by size."""
    kinds = ("honest, b", "honest, a", "a tenth", "poison", "noise")
    kind = next(place for place, start in enumerate(kinds) if condition.startswith(start))
    digits = "".join(filter(str.isdigit, condition))
    return kind, int(digits or 0)


if __name__ == "__main__":
    main()
