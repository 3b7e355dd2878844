"""The relay itself: real nodes on the real contracts, on a chain in this process."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from derelay.baton.root import root_cid
from derelay.learn import Share
from derelay.local.cast import Cast, assemble
from derelay.local.clock import pass_time
from derelay.local.measured import MeasuredChain
from derelay.node.holdings import blocks_of
from derelay.node.node import Node
from derelay.node.stopwatch import Stopwatch
from derelay.rules.parameters import Parameters
from derelay.rules.phases import Phase
from learners.networks import accuracy
from learners.outcome import Outcome, worst_drop
from learners.problem import Problem
from learners.skewed import Skewed

CHEATS = ("free-rider", "poisoner")
MOST_ROUNDS = 400
"""Rounds after which a relay ends though steps are left: everybody rests."""


def relay(
    problem: Problem,
    shares: Sequence[Share],
    steps: int,
    task: Skewed,
    parameters: Parameters,
    dishonest: float,
    seed: int,
) -> Outcome:
    """Run rounds until all trainers together have taken ``steps`` gradient steps.

    Parameters
    ----------
    dishonest
        Share of the holders that cheat: free-riders and poisoners, in turn.
    """
    cheats = list(islice(cycle(CHEATS), round(dishonest * len(shares))))
    with TemporaryDirectory(prefix="derelay-learning-") as name:
        stopwatch = Stopwatch()
        with stopwatch.measure("other"):
            chain = MeasuredChain(seed, stopwatch)
            cast = assemble(chain, task, shares, cheats, parameters, seed, Path(name), stopwatch)
            return _Run(problem, cast, chain, stopwatch).until(steps)


class _Run:
    """A relay under way, and what is measured of it."""

    def __init__(self, problem: Problem, cast: Cast, chain: MeasuredChain, stopwatch: Stopwatch) -> None:
        self._problem = problem
        self._cast = cast
        self._chain = chain
        self._stopwatch = stopwatch
        self._version = 0
        self._curve: list[tuple[int, float]] = []
        self._spent: defaultdict[tuple[int, int], float] = defaultdict(float)
        self._legs: set[tuple[int, int]] = set()

    def until(self, steps: int) -> Outcome:
        """Run until the steps are taken, or everybody rests."""
        relay = self._cast.relay
        view = relay.view()
        while not (view.phase is Phase.REST and (self.steps >= steps or view.round.number >= MOST_ROUNDS)):
            acted = [self._step(i, node, view.round.number) for i, node in enumerate(self._cast.nodes)]
            if any(acted):
                self._chain.mine()
            else:
                pass_time(self._chain, view)
            view = relay.view()
            if view.head.version > self._version:
                self._version = view.head.version
                with self._stopwatch.measure("measuring"):
                    self._measure(view.head.id)
        return self._outcome()

    @property
    def steps(self) -> int:
        """Gradient steps that all trainers have taken."""
        return sum(node.me.steps for node in self._cast.nodes)

    def _step(self, i: int, node: Node, number: int) -> bool:
        """Let a node act; count its time besides training and scoring, and its legs."""
        steps, work, begun = node.me.steps, self._work, perf_counter()
        acted = node.step()
        self._spent[i, number] += perf_counter() - begun - (self._work - work)
        if node.me.steps > steps:
            self._legs.add((i, number))
        return acted

    @property
    def _work(self) -> float:
        return self._stopwatch.seconds["training"] + self._stopwatch.seconds["scoring"]

    def _measure(self, head: bytes) -> None:
        makers = self._cast.relay.history.makers(head)
        node = next(node for node in self._cast.nodes if node.me.address in makers)
        baton = node.me.baton(head)
        if baton is None:
            raise RuntimeError(f"head {self._version} is not to be had from those who made it")
        model = node.me.task.model()
        model.load_state_dict(baton.tensors)
        test = self._problem.test
        self._curve.append((self.steps, accuracy(model, test.inputs, test.targets)))

    def _outcome(self) -> Outcome:
        seconds = self._stopwatch.seconds
        return Outcome(
            accuracy=self._curve[-1][1] if self._curve else 1 / self._problem.classes,
            worst_drop=worst_drop(self._curve),
            steps=self.steps,
            lineage_steps=self._version * self._cast.nodes[0].me.task.steps,
            bytes_per_holder=self._bytes() / len(self._cast.nodes),
            seconds=sum(seconds.values()) - seconds["measuring"],
            overhead_s_per_leg=sum(self._spent[leg] for leg in self._legs) / max(1, len(self._legs)),
            curve=self._curve,
        )

    def _bytes(self) -> int:
        """Return the bytes of all sealed batons that were granted, and opened."""
        nodes = {node.me.address: node.me for node in self._cast.nodes}
        granted = {
            (e.values["baton"], e.values["reader"], e.values["content"])
            for e in self._cast.relay.history.named("KeyGranted")
        }
        return sum(
            sum(len(nodes[reader].store.get(cid)) for cid in blocks_of(nodes[reader], content))
            for _, reader, content in granted
            if nodes[reader].store.has(root_cid(content))
        )
