"""Networks that fail: halves that cannot reach each other, wires that are slow, cut things short, or lie."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from derelay.rules.phases import Phase
from faults import evils
from faults.case import Case, Outcome, Tell
from faults.evils import Evil
from faults.holds import what_must_hold
from faults.terms import Terms
from faults.wire import Treatment
from faults.wired import wired

SEED = 6
CHANCE = 0.5
"""Of an answer to be spoiled."""
CUT_SECONDS = 30
PATIENT = replace(Terms(), windows=(4, 5, 70, 5, 6, 70, 5, 6))
"""Of which half of the windows that need the other nodes is longer than the cut."""
SLOW = replace(
    Terms(), task=str(Path(__file__).parents[1] / "wide_task.py"), windows=(4, 5, 16, 5, 6, 24, 5, 16)
)


def halves(folder: Path, tell: Tell) -> Outcome:
    """Cut three of seven off for half a minute while all train, and again while all test."""
    with wired(folder, tell, PATIENT) as (scene, wires):
        for phase in (Phase.TRAIN, Phase.SCORE):
            scene.reach(1, phase)
            away = list(scene.nodes)[1::2]
            scene.note(f"{scene.names(away)} are cut off from the others and from the chain")
            wires.part(away)
            scene.pause(CUT_SECONDS)
            wires.heal()
            tell("healed")
        scene.reach(2, Phase.REST)
        return what_must_hold(scene)


def treated(folder: Path, tell: Tell, terms: Terms, make: Callable[[], Treatment], what: str) -> Outcome:
    """Treat all that nodes send each other, for two rounds."""
    with wired(folder, tell, terms) as (scene, wires):
        scene.note(what)
        wires.treat(make)
        scene.reach(2, Phase.REST)
        return what_must_hold(scene)


def only_some(folder: Path, tell: Tell) -> Outcome:
    """Let each node be reached by the next two alone."""
    with wired(folder, tell) as (scene, wires):
        scene.note("each node serves two others alone")
        hosts = [node.host for node in scene.nodes.values()]
        for place, wire in enumerate(wires.of.values()):
            served = {hosts[(place + step) % len(hosts)] for step in (1, 2)}
            wire.is_refused = lambda host, served=served: host not in served  # type: ignore[misc]
        scene.reach(2, Phase.REST)
        return what_must_hold(scene)


def _spoiled(name: str, what: str, evil: Evil) -> Case:
    make = partial(evils.sometimes, evil, CHANCE, SEED)
    does = f"every second answer of every node, at random, {what}"
    run = partial(treated, terms=Terms(), make=make, what=does)
    return Case(f"wire-{name}", 3, does, "nobody loses anything, heads are the same bits everywhere", run)


def _slowed(name: str, what: str, make: Callable[[], Treatment], terms: Terms) -> Case:
    run = partial(treated, terms=terms, make=make, what=what)
    return Case(f"wire-{name}", 3, what, "nobody loses anything", run)


CASES = (
    Case(
        "halves",
        3,
        "three of seven cannot reach the others and the chain for 30 s, while all train and while all test",
        "nobody loses anything, as half of the window is longer",
        halves,
    ),
    _slowed("delayed", "every answer of a node comes a second later", partial(evils.delayed, 1.0), Terms()),
    _slowed(
        "throttled",
        "every node has an uplink of 1 Mbit/s (77 KB)",
        partial(evils.throttled, evils.MEGABIT),
        SLOW,
    ),
    _spoiled("truncated", "is cut off in the middle", evils.truncated),
    _spoiled("flipped", "has a bit turned", evils.flipped),
    _spoiled("failing", "is an error 500", evils.failing),
    _spoiled("endless", "has no end", evils.endless),
    Case(
        "wire-only-some",
        3,
        "each node answers two others alone",
        "nobody loses anything: they pass on to each other what they got",
        only_some,
    ),
)
