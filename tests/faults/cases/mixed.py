"""Processes that cheat, each in its own way, among others that do not: a real chain, real sockets."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from eth_typing import ChecksumAddress

from derelay.rules.phases import Phase
from faults.case import Case, Outcome, Tell
from faults.holds import what_must_hold
from faults.scene import Scene
from faults.strategies.twist import play_as
from faults.terms import Terms

NINE = replace(Terms(), nodes=9, windows=(6, 12, 24, 12, 12, 20, 12, 12))
"""With time to ask for a key that opens, after half of a window with one that does not."""
CHEATS = ("forger", "noise", "mute", "taker")
ROUNDS = 2


def mixed(folder: Path, tell: Tell) -> Outcome:
    """Let four of nine processes cheat for two rounds."""
    with Scene(folder, tell, NINE, _assign) as scene:
        for who, name in _cheats(scene).items():
            scene.note(f"{scene.names([who])} plays {name}")
        scene.faulted.update(_cheats(scene))
        scene.reach(ROUNDS, Phase.REST)
        return what_must_hold(scene)


def _cheats(scene: Scene) -> dict[ChecksumAddress, str]:
    """Return who plays what: the last of them."""
    return dict(zip(list(scene.nodes)[-len(CHEATS) :], CHEATS, strict=True))


def _assign(scene: Scene) -> None:
    for who, name in _cheats(scene).items():
        scene.nodes[who].twist = partial(play_as, name, frozenset([who]))


CASES = [
    Case(
        "cheating",
        5,
        "four of nine nodes grant keys that open nothing, hand in noise, test in silence, hand in nothing",
        "the others lose nothing but by verdicts, heads come, and are the same bits wherever held; "
        "no secret in a log, memory and disk bounded",
        mixed,
    )
]
