"""Endpoints of the chain that lie, lag or answer nonsense to some nodes, each of which has no other."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle
from pathlib import Path

from derelay.chain.endpoint import Endpoint
from derelay.rules.phases import Phase
from faults.case import Case, Outcome, Tell
from faults.cases.killed import COURSE
from faults.holds import what_must_hold
from faults.lies import LIES, Lie, tell_the_truth
from faults.process import Node
from faults.scene import Scene
from faults.terms import Terms
from gate import Gate

LIE_SECONDS = 3.0
PATIENT = replace(Terms(), windows=(8, 16, 28, 16, 16, 20, 16, 16))
"""Of which each window is longer than a lie, the patience with an endpoint, and the pause after it."""
VICTIMS = 3


def lied_to(folder: Path, tell: Tell) -> Outcome:
    """Let the endpoints of three nodes lie for some seconds in each window of a round, each otherwise."""
    gates: list[Gate] = []

    def arrange(scene: Scene) -> None:
        for node in list(scene.nodes.values())[:VICTIMS]:
            gates.append(Gate(scene.devnet.url))
            node.arguments = ["--chain", gates[-1].url]

    told: list[tuple[Node, Lie]] = []
    with Scene(folder, tell, PATIENT, arrange) as scene:
        victims = list(zip(gates, scene.nodes.values(), strict=False))
        true, lies = Endpoint(scene.devnet.url), cycle(LIES)
        for phase in COURSE[:-1]:
            scene.reach(1, phase)
            for gate, node in victims:
                lie = next(lies)
                scene.note(f"the endpoint of {node.name} gives {lie.name}")
                told.append((node, lie))
                lie.begin(gate, true, scene.relay)
            scene.pause(LIE_SECONDS)
            for gate, _ in victims:
                tell_the_truth(gate)
        scene.reach(1, Phase.REST)
        outcome = what_must_hold(scene)
    for gate in gates:
        gate.close()
    logs = {node: node.log.read_text() for _, node in victims}
    said = {lie.name for node, lie in told if lie.words and lie.words in logs[node]}
    unsaid = tuple(
        f"nobody said what is wrong with {lie.name}" for lie in LIES if lie.words and lie.name not in said
    )
    figures = {"kinds of lies": len(LIES), "named in a log": len(said)}
    return replace(outcome, broken=outcome.broken + unsaid).with_figures(figures)


CASES = (
    Case(
        "misinformed",
        4,
        "the only endpoint of three nodes lies of a block, lags or answers nonsense: 3 s in each window",
        "no node ends; it says what is wrong, and goes on; nobody loses anything",
        lied_to,
    ),
)
