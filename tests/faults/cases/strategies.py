"""Every strategy, played by two or four of twelve real nodes that train and test real models."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from eth_typing import ChecksumAddress

from derelay.learn.loading import load_task
from derelay.local.ledger import incomes, total
from derelay.node.participant import Participant
from derelay.rules.verdict import Verdict
from derelay.sim.strategies import STRATEGIES
from faults.case import Case, Outcome, Tell
from faults.embedded import Stage
from faults.holds.books import check_books
from faults.holds.deposits import wrong_forfeits
from faults.holds.losses import Losses
from faults.holds.verdicts import judged, misjudged
from faults.strategies.cast import NAMES

PEOPLE = 12
TWO, FOUR = 2, 4
"""How many play a strategy, the others being honest."""
OF_FOUR = {name for name, kind in STRATEGIES.items() if kind.together} | {"miser", "forger"}
"""What two cannot do: capture a committee for a friend's child, or be missed as holders."""
ROUNDS = 5
SEED = 1
VERDICTS = ("void", "pass", "undecided", "fail", "missing")


def _run(name: str, folder: Path, tell: Tell) -> Outcome:
    stage, players = play(name, folder)
    twin = _honest()
    same = twin.people[-len(players) :]
    tell(f"{name}: round {stage.relay.view().round.number} is over")
    others = [me for me in stage.people if me not in players]
    rules, truthful = stage.relay.parameters, addresses(stage.truthful)
    seats = [each for each in judged(stage.relay, stage.rounds) if each.said.keys() & addresses(players)]
    version = stage.relay.view().head.version
    captured = [each for each in seats if each.is_captured(truthful, rules)]
    figures = {
        "children": _children(stage, players),
        "tested": len(seats),
        "captured": len(captured),
        "of which honest ones failed": sum(
            each.verdict is Verdict.FAIL and each.trainer in addresses(others) for each in captured
        ),
        "prices": f"{prices(stage, players):+.2f}",
        "were they honest": f"{prices(twin, same):+.2f}",
        "the honest": f"{prices(stage, others):+.2f}",
        "heads": version,
        "accuracy": f"{stage.accuracy(version):.3f}",
    }
    return Outcome(1, tuple(broken(stage)), figures=figures)


def count(name: str) -> int:
    """Return how many play a strategy."""
    return FOUR if name in OF_FOUR else TWO


def play(name: str, folder: Path) -> tuple[Stage, list[Participant]]:
    """Play a relay in which some play a strategy, and return it with these."""
    torch.set_num_threads(1)
    stage = Stage(folder, load_task("digits"), PEOPLE, SEED)
    players = stage.engage(name, range(PEOPLE)[-count(name) :])
    stage.play(ROUNDS)
    return stage, players


def broken(stage: Stage) -> Iterator[str]:
    """Yield, in words, what must hold in a relay that has been played, and does not."""
    yield from unfair(stage)
    relay = stage.relay
    head = relay.view().head
    for me in stage.honest:
        if relay.holds(head.id, me.address) and me.baton(head.id) is None:
            yield f"{me.address[:8]} holds head {head.version} and cannot open it"
    if head.version == 0:
        yield "no head was accepted"


def unfair(stage: Stage) -> Iterator[str]:
    """Yield, in words, what the honest lost by no rule, and money and verdicts other than stated."""
    relay, honest = stage.relay, addresses(stage.honest)
    yield from check_books(relay, [me.address for me in stage.people])
    yield from wrong_forfeits(relay)
    for loss in Losses.of(relay, ()).all:
        if loss.who in honest:
            yield f"{loss.who[:8]} is honest and lost in round {loss.round}: {loss.rule}"
    yield from misjudged(relay, stage.rounds, addresses(stage.truthful))


def prices(stage: Stage, people: Sequence[Participant]) -> float:
    """Return what people have on average besides coins, in prices of a version, all having withdrawn."""
    income = incomes(stage.relay.history.events, stage.relay.parameters.entry_fee)
    wei = sum(total(income[me.address]).native for me in people)
    return wei / stage.relay.parameters.price / len(people)


def addresses(people: Sequence[Participant]) -> set[ChecksumAddress]:
    """Return by what the chain knows people."""
    return {me.address for me in people}


def _children(stage: Stage, people: Sequence[Participant]) -> str:
    """Return how many children of people passed, were undecided, failed, and were missing."""
    found = Counter(
        VERDICTS[event.values["verdict"]]
        for event in stage.relay.history.named("Judged")
        if event.values["trainer"] in addresses(people)
    )
    return "/".join(str(found[verdict]) for verdict in VERDICTS[1:])


@cache
def _honest() -> Stage:
    """Return the relay in which all are honest."""
    with TemporaryDirectory(prefix="derelay-faults-") as folder:
        return play("honest", Path(folder))[0]


CASES = [
    Case(
        f"strategy-{name}",
        5,
        f"{count(name)} of {PEOPLE} nodes play {name!r} for {ROUNDS} rounds",
        "no honest participant is slashed, or loses a deposit but by a verdict on its child; no verdict lies "
        "outside of what truthful testers measured, unless more may lie than are dropped; money adds up; "
        "heads are accepted, and whoever holds the last can open it",
        partial(_run, name),
    )
    for name in NAMES
]
