"""Machines that fail their node: a disk that is full, a store that is read-only, a clock that is wrong."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import cycle
from pathlib import Path

from derelay.rules.phases import Phase
from faults.case import BrokenError, Case, Outcome, Tell
from faults.cases.killed import COURSE
from faults.holds import what_must_hold
from faults.process import Node
from faults.scene import Scene
from faults.twists import an_hour_ahead, an_hour_behind, obey_permissions

OUTAGE_SECONDS = 3.0
ROOM = 4096
"""Bytes that a log may still grow by on a full disk, so that it can say so."""


def full(folder: Path, tell: Tell) -> Outcome:
    """Fill a node's disk for some seconds in each window of a round, another node's each time."""
    return _failing(folder, tell, "the disk is full", _full, "make room on its disk")


def read_only(folder: Path, tell: Tell) -> Outcome:
    """Make a node's store read-only for some seconds in each window of a round, another's each time."""
    return _failing(folder, tell, "the store is read-only", _read_only, "cannot be written")


def wrong_clocks(folder: Path, tell: Tell) -> Outcome:
    """Let three nodes' clocks be fast by an hour, and three be slow, for two rounds."""

    def arrange(scene: Scene) -> None:
        twists = [an_hour_ahead, an_hour_behind] * 3
        for node, twist in zip(scene.nodes.values(), twists, strict=False):
            node.twist = twist

    with Scene(folder, tell, arrange=arrange) as scene:
        scene.reach(1, Phase.ENTER)
        for node, hours in zip(list(scene.nodes.values())[:6], (1, -1) * 3, strict=True):
            scene.note(f"the clock of {node.name} is {hours:+} h off")
        scene.reach(2, Phase.REST)
        return what_must_hold(scene)


def _failing(
    folder: Path, tell: Tell, what: str, fail: Callable[[Node], AbstractContextManager[None]], words: str
) -> Outcome:
    """Let something of one node after the other fail for a while; count those who said so."""

    def arrange(scene: Scene) -> None:
        for node in scene.nodes.values():
            node.twist = obey_permissions

    with Scene(folder, tell, arrange=arrange) as scene:
        victims = cycle(scene.nodes.values())
        failed = []
        for number in (1, 2):
            for phase in COURSE:
                scene.reach(number, phase)
                node = next(victims)
                failed.append(node)
                scene.note(f"{what}: {node.name}")
                with fail(node):
                    scene.pause(OUTAGE_SECONDS)
        scene.reach(3, Phase.REST)
        said = sum(words in node.log.read_text() for node in set(failed))
        if not said:
            raise BrokenError(f"nobody said {words!r}")
        return what_must_hold(scene).with_figures({"said so": said})


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
        "disk-full",
        4,
        "a node's files cannot grow for 3 s, in each window of two rounds",
        "it says so and goes on when there is room; nobody loses anything",
        full,
    ),
    Case(
        "store-read-only",
        4,
        "a node's store cannot be written for 3 s, in each window of two rounds",
        "it says so and goes on when it can; nobody loses anything",
        read_only,
    ),
    Case(
        "clocks-wrong",
        4,
        "clocks of three nodes an hour fast, of three an hour slow",
        "nothing differs: duties go by the chain's time",
        wrong_clocks,
    ),
)
