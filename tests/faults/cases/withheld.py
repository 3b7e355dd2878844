"""A majority of one committee of five, among ten testers: it passes a child that nobody else can open."""

from __future__ import annotations

from pathlib import Path

import torch

from derelay.learn.loading import load_task
from derelay.rules.verdict import Verdict
from faults.case import Case, Outcome, Tell
from faults.cases.strategies import addresses, unfair
from faults.embedded import Stage
from faults.terms import TASK

TRAINERS, TESTERS = 5, 10
PARTY = (4, 12, 13, 14)
"""Places of a trainer and of three testers who are its friends."""
SEED, ROUNDS = 2, 6
"""In one of these rounds the draw puts the three on the committee of their friend's child."""


def withheld(folder: Path, tell: Tell) -> Outcome:
    """Let a trainer show its children to its friends only, until they are the majority of a committee."""
    torch.set_num_threads(1)
    stage = Stage(folder, load_task(str(TASK)), TRAINERS + TESTERS, SEED)
    for place, node in enumerate(stage.nodes):
        node.trains, node.maintains = place < TRAINERS, place >= TRAINERS
    friends = stage.engage("withholder", PARTY)
    stage.play(ROUNDS)
    history, party = stage.relay.history, addresses(friends)
    captured = {
        event.values["round"]
        for event in history.named("Judged")
        if event.values["trainer"] in party and event.values["verdict"] == Verdict.PASS
    }
    changed = {event.values["round"] for event in history.named("HeadChanged")}
    found = list(unfair(stage))
    if not captured or max(captured) == ROUNDS:
        found.append("no committee was captured in time: this case shows nothing")
    found += [f"round {number} elected what most cannot open" for number in sorted(captured & changed)]
    if captured and not any(number > min(captured) for number in changed):
        found.append("no head came after a captured committee")
    figures = {"captured committees": len(captured), "heads": f"{len(changed)} in {ROUNDS} rounds"}
    return Outcome(1, tuple(found), figures=figures)


CASES = [
    Case(
        "withheld-head",
        5,
        "a trainer shows its children to three friends among ten testers; they praise, and pass nothing on",
        "a round in which the three are on one committee of five is lost, and no more: the head stays, and "
        "the next one is trained",
        withheld,
    )
]
