"""Testers who lie by agreement: up to as many of a committee as are dropped, and one more."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import fmean

import torch

from derelay.learn.loading import load_task
from derelay.node.participant import Participant
from derelay.node.strategy import FreeRider
from derelay.rules.minting import COIN
from derelay.rules.units import NANO
from derelay.rules.verdict import Verdict, dropped
from derelay.sim.theory.collusion import lied_gain
from faults.case import Case, Outcome, Tell
from faults.cases.strategies import addresses, broken
from faults.embedded import Stage
from faults.holds.verdicts import Judged, judged
from faults.strategies.lying import Nihilist, Perjurer, Usurper
from faults.strategies.player import Party

TRAINERS = 4
SEATS = 5
"""Testers in all, so that each of them is on every committee."""
CHEAT, VICTIM = 3, 1
"""Places of who is praised, and of who is condemned."""
LYING, ROUNDS = 2, 3
"""The round in which they lie, after one that is honest and before one that shows what comes of it."""
SEED = 3


def about_children(liars: int, folder: Path, tell: Tell) -> Outcome:
    """Let so many of five testers praise the head with noise, and condemn an honest child."""
    stage = _stage(folder)
    cheat, victim = stage.people[CHEAT], stage.people[VICTIM]
    members = [cheat, *_last(stage, liars)]
    party = Party.of(members)
    cheat.strategy = FreeRider(noise=0.01)
    for member in members[1:]:
        member.strategy = Perjurer(member, party, LYING, victim.address)
    stage.play(ROUNDS)
    rules = stage.relay.parameters
    praised, condemned = (_judged(stage, me) for me in (cheat, victim))
    decide = liars > dropped(SEATS, rules.trim)
    found = [text for text in broken(stage) if not decide]
    if decide != (praised.verdict is Verdict.PASS) or decide != (condemned.verdict is Verdict.FAIL):
        found.append(f"the noise was judged {praised.verdict.name}, the child {condemned.verdict.name}")
    by_formula = (
        lied_gain(_truth(stage, praised), liars, rules),
        -lied_gain(-_truth(stage, condemned), liars, rules),
    )
    figures = {
        "noise": _words(praised, by_formula[0]),
        "its coins": f"{_coins(stage, cheat):.3f} of {_minted(stage)[LYING - 1]:.3f}",
        "honest child": _words(condemned, by_formula[1]),
        "honest prices lost": f"{_forfeited(stage, victim):.1f}",
        "accuracy": _accuracies(stage),
    }
    return Outcome(1, tuple(found), figures=figures)


def about_heads(kind: type[Usurper], liars: int, folder: Path, tell: Tell) -> Outcome:
    """Let so many of five voters agree on a false head."""
    stage = _stage(folder)
    members = _last(stage, liars)
    for member in members:
        member.strategy = kind(member, Party.of(members), LYING)
    stage.play(ROUNDS)
    decide = 2 * liars > SEATS
    names = {vote["pool"] for vote in _values(stage, "Voted", LYING) if vote["voter"] in addresses(members)}
    found = [text for text in broken(stage) if not decide]
    if decide != (stage.relay.rounds.read("head_of", LYING) in names):
        found.append("the false head was " + ("not elected" if decide else "elected"))
    figures = {
        "false head": "elected" if decide else "not elected",
        "coins minted": "/".join(f"{coins:.3f}" for coins in _minted(stage)),
        "accuracy": _accuracies(stage),
    }
    return Outcome(1, tuple(found), figures=figures)


def _stage(folder: Path) -> Stage:
    """Return a relay in which some only train, and others only test."""
    torch.set_num_threads(1)
    stage = Stage(folder, load_task("digits"), TRAINERS + SEATS, SEED)
    for place, node in enumerate(stage.nodes):
        node.trains, node.maintains = place < TRAINERS, place >= TRAINERS
    return stage


def _last(stage: Stage, count: int) -> list[Participant]:
    """Return so many testers."""
    return stage.people[TRAINERS + SEATS - count :]


def _judged(stage: Stage, trainer: Participant) -> Judged:
    """Return the verdict on a trainer's child of the round in which they lie."""
    found = judged(stage.relay, {LYING: stage.rounds[LYING]})
    return next(each for each in found if each.trainer == trainer.address)


def _truth(stage: Stage, child: Judged) -> float:
    """Return the mean of what truthful testers measured of a child, in nats."""
    truthful = addresses(stage.truthful)
    return fmean(seat.gain / NANO for who, seat in child.said.items() if seat and who in truthful)


def _words(child: Judged, by_formula: float) -> str:
    return f"{child.verdict.name.lower()} {child.gain / NANO:+.3f} (formula {by_formula:+.3f})"


def _values(stage: Stage, name: str, number: int) -> Iterator[dict]:
    """Yield what the events of a name say of a round."""
    return (event.values for event in stage.relay.history.named(name) if event.values["round"] == number)


def _forfeited(stage: Stage, who: Participant) -> float:
    """Return what someone lost of its deposit in the round in which they lie, in prices."""
    taken = [each["forfeited"] for each in _values(stage, "Judged", LYING) if each["trainer"] == who.address]
    return sum(taken) / stage.relay.parameters.price


def _coins(stage: Stage, who: Participant) -> float:
    """Return what someone earned by training in that round."""
    earned = _values(stage, "Earned", LYING)
    return (
        sum(each["coins"] for each in earned if each["who"] == who.address and not each["by_serving"]) / COIN
    )


def _minted(stage: Stage) -> list[float]:
    """Return the coins of each round."""
    return [
        sum(each["minted"] for each in _values(stage, "HeadChanged", number)) / COIN
        for number in range(1, ROUNDS + 1)
    ]


def _accuracies(stage: Stage) -> str:
    """Return that of each head, the first of them genesis."""
    found = [stage.accuracy(version) for version in range(stage.relay.view().head.version + 1)]
    return " ".join("?" if each is None else f"{each:.2f}" for each in found)


CASES = [
    *(
        Case(
            f"lying-children-{liars}",
            5,
            f"{liars} of {SEATS} testers praise the head with noise, and condemn an honest child",
            "up to one: the verdicts stand. From two on: both are turned, by as much as the formula says",
            partial(about_children, liars),
        )
        for liars in range(4)
    ),
    *(
        Case(
            f"lying-head-{liars}",
            5,
            f"{liars} of {SEATS} voters name a model of their own, worse than the head",
            "up to two: the head is what the others computed. From three on: it is theirs",
            partial(about_heads, Usurper, liars),
        )
        for liars in range(4)
    ),
    Case(
        "lying-head-nothing",
        5,
        f"3 of {SEATS} voters name an id that stands for no model",
        "it is the head, nobody can train, and everybody is paid back: the promise has ended",
        partial(about_heads, Nihilist, 3),
    ),
]
