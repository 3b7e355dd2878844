"""A majority of one committee of five, among ten testers: it elects a child that nobody else can open."""

from __future__ import annotations

from pathlib import Path

import torch

from derelay.learn.loading import load_task
from derelay.rules.minting import COIN
from derelay.rules.phases import Candidate
from faults.case import Case, Outcome, Tell
from faults.cases.strategies import addresses, unfair
from faults.embedded import Stage
from faults.terms import TASK

TRAINERS, TESTERS = 5, 10
PARTY = (4, 12, 13, 14)
"""Places of a trainer and of three testers who are its friends."""
SEED, ROUNDS = 5, 6
"""In the fourth of these rounds the draw puts the three on the committee of their friend's child."""


def withheld(folder: Path, tell: Tell) -> Outcome:
    """Let a trainer show its children to its friends only, until they are the majority of a committee."""
    torch.set_num_threads(1)
    stage = Stage(folder, load_task(str(TASK)), TRAINERS + TESTERS, SEED)
    for place, node in enumerate(stage.nodes):
        node.trains, node.maintains = place < TRAINERS, place >= TRAINERS
    friends = stage.engage("withholder", PARTY)
    stage.play(ROUNDS)
    last = stage.relay.history.named("HeadChanged")[-1].values
    view = stage.rounds[last["round"]]
    voters = addresses(friends) & {card.tester for card in view.voters}
    after = [
        event.values["verdict"]
        for event in stage.relay.history.named("Judged")
        if event.values["round"] > last["round"] and event.values["trainer"] not in addresses(friends)
    ]
    found = list(unfair(stage))
    if last["candidate"] != Candidate.BEST or not after or any(after):
        found.append("the relay went on: this promise does not end where it is said to")
    figures = {
        "voters": f"{len(voters)} of {len(view.voters)}",
        "head": f"v{last['version']} of round {last['round']}",
        "coins": f"{last['minted'] / COIN:.3f}",
        "honest entries after it": len(after),
        "of these paid back": after.count(0),
    }
    return Outcome(1, tuple(found), figures=figures)


CASES = [
    Case(
        "withheld-head",
        5,
        "a trainer shows its children to three friends among ten testers; they praise, and pass nothing on",
        "once the three are on one committee of five the head is theirs alone: all others are paid back, "
        "and nobody trains any more",
        withheld,
    )
]
