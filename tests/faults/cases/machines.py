"""Machines that fail their node: a disk that is full, a store that is read-only, a clock that is wrong."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import cycle
from pathlib import Path

from derelay.rules.phases import Phase
from faults.case import Case, Outcome, Tell
from faults.cases.killed import COURSE
from faults.holds import what_must_hold
from faults.process import Node
from faults.scene import Scene
from faults.terms import Terms
from faults.twists import an_hour_ahead, an_hour_behind, obey_permissions

OUTAGE_SECONDS = 3.0
PATIENT = replace(Terms(), windows=(6, 12, 24, 12, 12, 16, 12, 12))
"""Of which each window is longer than an outage and the pause after it."""
WORDS = ("make room on its disk", "cannot be written", "it works again")
ROOM = 4096
"""Bytes that a log may still grow by on a full disk, so that it can say so."""


def disks(folder: Path, tell: Tell) -> Outcome:
    """In each window of a round fill one node's disk, and make another's store read-only, for a while."""

    def arrange(scene: Scene) -> None:
        for node in scene.nodes.values():
            node.twist = obey_permissions

    with Scene(folder, tell, PATIENT, arrange) as scene:
        victims = cycle(scene.nodes.values())
        for phase in COURSE[:-1]:
            scene.reach(1, phase)
            filled, shut = next(victims), next(victims)
            scene.note(f"the disk of {filled.name} is full")
            scene.note(f"the store of {shut.name} is read-only")
            with _full(filled), _read_only(shut):
                scene.pause(OUTAGE_SECONDS)
        scene.reach(1, Phase.REST)
        logs = [node.log.read_text() for node in scene.nodes.values()]
        outcome = what_must_hold(scene)
    said = {words: sum(words in log for log in logs) for words in WORDS}
    unsaid = tuple(f"nobody said {words!r}" for words, times in said.items() if not times)
    figures = {f"said {words!r}": times for words, times in said.items()}
    return replace(outcome, broken=outcome.broken + unsaid).with_figures(figures)


def wrong_clocks(folder: Path, tell: Tell) -> Outcome:
    """Let three nodes' clocks be fast by an hour, and three be slow, for a round."""

    def arrange(scene: Scene) -> None:
        twists = [an_hour_ahead, an_hour_behind] * 3
        for node, twist in zip(scene.nodes.values(), twists, strict=False):
            node.twist = twist

    with Scene(folder, tell, PATIENT, arrange) as scene:
        scene.reach(1, Phase.ENTER)
        for node, hours in zip(list(scene.nodes.values())[:6], (1, -1) * 3, strict=True):
            scene.note(f"the clock of {node.name} is {hours:+} h off")
        scene.reach(1, Phase.REST)
        return what_must_hold(scene)


@contextmanager
def _full(node: Node) -> Iterator[None]:
    """Let no file grow beyond what the log has now; journals are larger."""
    most = node.log.stat().st_size + ROOM
    before = resource.prlimit(node.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(node.pid, resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        yield
    finally:
        resource.prlimit(node.pid, resource.RLIMIT_FSIZE, before)


@contextmanager
def _read_only(node: Node) -> Iterator[None]:
    (blocks,) = (node.folder / "node").rglob("blocks")
    folders = [blocks, *blocks.iterdir()]
    for each in folders:
        each.chmod(0o500)
    try:
        yield
    finally:
        for each in folders:
            each.chmod(0o700)


CASES = (
    Case(
        "disks",
        4,
        "one node's files cannot grow, another's store cannot be written: for 3 s, in each window of a round",
        "each says so and goes on when it can; nobody loses anything",
        disks,
    ),
    Case(
        "clocks-wrong",
        4,
        "clocks of three nodes an hour fast, of three an hour slow",
        "nothing differs: duties go by the chain's time",
        wrong_clocks,
    ),
)
