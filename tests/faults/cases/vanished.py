"""Nodes that vanish for good: who is left goes on, and loses nothing but what a stated rule takes."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from eth_typing import ChecksumAddress

from derelay.chain.view import View
from derelay.rules.phases import Phase
from faults.case import Case, Outcome, Tell
from faults.holds import what_must_hold
from faults.scene import Scene
from faults.terms import Terms

SEED = 6
NINE = replace(Terms(), nodes=9)
THIRD = 3

Choose = Callable[[View, Sequence[ChecksumAddress]], list[ChecksumAddress]]
"""Returns who vanishes, of all who are there."""


def vanish(folder: Path, tell: Tell, terms: Terms, number: int, phase: Phase, choose: Choose) -> Outcome:
    """Let some nodes vanish in a window of a round, and let the others play another round."""
    with Scene(folder, tell, terms) as scene:
        view = scene.reach(number, phase)
        gone = choose(view, list(scene.nodes))
        scene.note(f"{scene.names(gone)} vanish")
        scene.kill(*gone)
        scene.faulted.update(gone)
        scene.reach(number + 1, Phase.REST)
        return what_must_hold(scene)


def a_third(view: View, there: Sequence[ChecksumAddress]) -> list[ChecksumAddress]:
    """Return any three of nine."""
    return random.Random(SEED + view.phase).sample(there, THIRD)


def the_owners(view: View, there: Sequence[ChecksumAddress]) -> list[ChecksumAddress]:
    """Return all who are to serve the head."""
    return list(view.owners)


def a_majority(view: View, there: Sequence[ChecksumAddress]) -> list[ChecksumAddress]:
    """Return more than half of the committee of the first child."""
    committee = view.testers_of(0)
    return committee[: len(committee) // 2 + 1]


def all_but_three(folder: Path, tell: Tell) -> Outcome:
    """Let all but three vanish while they train; when the dead are struck off, a fourth comes back."""
    with Scene(folder, tell) as scene:
        view = scene.reach(1, Phase.TRAIN)
        left = [
            view.owners[0],
            *random.Random(SEED).sample([w for w in scene.nodes if w not in view.owners], 2),
        ]
        gone = [who for who in scene.nodes if who not in left]
        scene.note(f"{scene.names(gone)} vanish, {scene.names(left)} are left")
        scene.kill(*gone)
        scene.faulted.update(gone)
        scene.wait(lambda: _maintainers(scene) == len(left), "the dead to be struck off")
        tell(f"only {scene.names(left)} maintain: none of them can be spared to train")
        scene.wait(lambda: scene.relay.view().phase is Phase.REST, "the end of the round")
        scene.note(f"{scene.names(gone[:1])} comes back")
        scene.start(gone[:1])
        number = scene.relay.view().round.number
        scene.wait(lambda: _committed_after(scene, number), "a child by four")
        scene.wait(lambda: scene.relay.view().phase is Phase.REST, "the end of the round")
        return what_must_hold(scene)


def _maintainers(scene: Scene) -> int:
    return int(scene.relay.registry.read("maintainer_count"))


def _committed_after(scene: Scene, number: int) -> bool:
    return any(event.values["round"] > number for event in scene.relay.history.named("Committed"))


CASES = (
    Case(
        "vanished-third-train",
        2,
        "three of nine vanish for good as soon as trainers are admitted",
        "this round and another end, with a head; only the dead are slashed or forfeit",
        partial(vanish, terms=NINE, number=1, phase=Phase.TRAIN, choose=a_third),
    ),
    Case(
        "vanished-third-score",
        2,
        "three of nine vanish for good as soon as children are to be tested",
        "the same",
        partial(vanish, terms=NINE, number=1, phase=Phase.SCORE, choose=a_third),
    ),
    Case(
        "vanished-owners",
        2,
        "all owners of the head vanish for good before they serve it",
        "the same: other holders serve after half of the window",
        partial(vanish, terms=NINE, number=2, phase=Phase.TRAIN, choose=the_owners),
    ),
    Case(
        "vanished-committee",
        2,
        "two of a committee of three vanish for good before they score",
        "the same: children are undecided, which costs their trainers a tenth of the deposit",
        partial(vanish, terms=Terms(), number=1, phase=Phase.SCORE, choose=a_majority),
    ),
    Case(
        "vanished-all-but-three",
        2,
        "all but three vanish while they train; one comes back when the dead are struck off",
        "the three lose nothing; they rest, as no fourth maintains, and train as soon as one does",
        all_but_three,
    ),
)
