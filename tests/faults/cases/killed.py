"""Deaths: processes are killed without warning, and started again a moment later."""

from __future__ import annotations

import random
import time
from pathlib import Path

from eth_typing import ChecksumAddress

from derelay.chain.view import View
from derelay.rules.phases import WINDOWS, Phase
from faults.case import Case, Outcome, Tell
from faults.holds import what_must_hold
from faults.scene import Scene
from faults.terms import WINDOW_SECONDS, Terms

SEED = 6
DOWN_SECONDS = 1.0
"""For which who was killed stays away."""
COURSE = (*WINDOWS[1:], Phase.REST)
"""The windows of a round in their order; the rest after it is its last."""
ROLES = ("owner", "trainer", "tester")
HALTED = Terms(keeps_chain=True, blocks=WINDOW_SECONDS)
"""Windows that count blocks, so that a chain that stands still burns nobody."""


def roles(folder: Path, tell: Tell) -> Outcome:
    """Kill an owner, a trainer and a tester, one after the other, in each window of a round."""
    dice = random.Random(SEED)
    with Scene(folder, tell) as scene:
        for phase in COURSE:
            view = scene.reach(1, phase)
            victims: list[ChecksumAddress] = []
            for role in ROLES:
                victim = _victim(scene, view, role, victims, dice)
                victims.append(victim)
                scene.note(f"kill {role} {scene.names([victim])}")
                scene.kill(victim)
                time.sleep(DOWN_SECONDS / len(ROLES))
                scene.start([victim])
        scene.reach(2, Phase.REST)
        return what_must_hold(scene)


def everybody(folder: Path, tell: Tell) -> Outcome:
    """Kill all nodes at once in each window of a round."""
    with Scene(folder, tell) as scene:
        for phase in COURSE:
            scene.reach(1, phase)
            scene.note("kill all nodes")
            scene.kill(*scene.nodes)
            time.sleep(DOWN_SECONDS)
            scene.start(scene.nodes)
        scene.reach(2, Phase.REST)
        return what_must_hold(scene)


def chain(folder: Path, tell: Tell) -> Outcome:
    """Kill the chain in each window of a round; it goes on from what it had kept, some blocks earlier."""
    lost: list[int] = []
    with Scene(folder, tell, HALTED) as scene:
        for phase in COURSE:
            scene.reach(1, phase)
            height = scene.relay.chain.height()
            scene.note("kill the chain")
            scene.kill_chain()
            time.sleep(DOWN_SECONDS)
            lost.append(height - scene.start_chain())
        scene.reach(2, Phase.REST)
        outcome = what_must_hold(scene)
    return outcome.with_figures({"blocks lost at most": max(lost)})


def _victim(
    scene: Scene, view: View, role: str, spared: list[ChecksumAddress], dice: random.Random
) -> ChecksumAddress:
    """Return one who has a role; as long as nobody else has it, anyone who may come to have it."""
    is_resting = view.phase is Phase.REST
    given = {
        "owner": view.owners,
        "trainer": [entry.trainer for entry in view.entries if entry.admitted and not is_resting],
        "tester": [card.tester for card in view.deck if not is_resting],
    }[role]
    return dice.choice(
        [who for who in given if who not in spared] or [who for who in scene.nodes if who not in spared]
    )


CASES = (
    Case(
        "killed-roles",
        1,
        "SIGKILL of an owner, a trainer and a tester, one after the other in each window; restarted",
        "nobody loses anything; no phase is late by a window",
        roles,
    ),
    Case(
        "killed-all",
        1,
        "SIGKILL of all nodes at once in each window; restarted",
        "nobody loses anything; no phase is late by a window",
        everybody,
    ),
    Case(
        "killed-chain",
        1,
        "SIGKILL of the chain in each window; started again where it had kept its state",
        "the same, though it lost its newest blocks",
        chain,
    ),
)
