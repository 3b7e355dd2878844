"""What must hold after whatever was done: read from the chain, from stores and from logs."""

from __future__ import annotations

from derelay.rules.phases import Phase
from faults.case import Outcome
from faults.holds.batons import compare_heads
from faults.holds.books import check_books
from faults.holds.course import Course
from faults.holds.losses import Losses
from faults.scene import Scene


def what_must_hold(scene: Scene) -> Outcome:
    """Check a relay at the end of a round, stop its nodes, and return what came of its faults.

    Raises
    ------
    BrokenError
        If no rest comes.
    """
    scene.wait(lambda: scene.relay.view().phase is Phase.REST, "the end of the round")
    broken = check_books(
        scene.relay, [each.values["who"] for each in scene.relay.history.named("Registered")]
    )
    scene.stop()
    course = Course.of(scene.relay)
    losses = Losses.of(scene.relay, scene.faulted)
    heads = compare_heads(scene)
    broken += course.broken(scene.faults) + losses.broken(scene) + heads.broken
    broken += scene.traces.broken(scene.nodes.values())
    went_on = course.went_on(scene.faults)
    figures: dict[str, float | int | str] = {
        "rounds": course.rounds,
        "heads": heads.count,
        "copies compared": heads.copies,
        "late by at most s": course.latest,
        "next round ended after s": course.ended(scene.faults) or 0,
        "lost by faulted": losses.by_faulted,
        "lost by others": losses.by_others,
        "MiB of memory": round(max(scene.traces.memory.values())),
        "MiB on disk": round(max(scene.traces.disk.values()), 1),
    }
    return Outcome(len(scene.faults), tuple(broken), went_on, figures)
