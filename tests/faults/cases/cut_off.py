"""Networks that fail: halves that cannot reach each other, wires that are slow, cut things short, or lie."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from operator import ne
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
LONGER = replace(Terms(), windows=(4, 5, 14, 5, 6, 20, 5, 14))
"""Of which half suffices to ask again and again."""
WIDER = replace(LONGER, task=str(Path(__file__).parents[1] / "wide_task.py"))


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
        scene.reach(1, Phase.REST)
        return what_must_hold(scene)


def treated(folder: Path, tell: Tell, terms: Terms, make: Callable[[], Treatment], what: str) -> Outcome:
    """Treat all that nodes send each other, for a round."""
    with wired(folder, tell, terms, make) as (scene, _):
        scene.note(what)
        scene.reach(1, Phase.REST)
        return what_must_hold(scene)


def only_some(folder: Path, tell: Tell) -> Outcome:
    """Let each trainer answer one tester of its child alone."""
    with wired(folder, tell, LONGER) as (scene, wires):
        view = scene.reach(1, Phase.SEAL)
        scene.note("each trainer answers one tester alone")
        for place, entry in enumerate(entry for entry in view.entries if entry.admitted):
            served = scene.nodes[view.deck[place % len(view.deck)].tester].host
            wires.of[entry.trainer].is_refused = partial(ne, served)
            wires.of[entry.trainer].hang_up()
        scene.reach(1, Phase.REST)
        return what_must_hold(scene)


def _spoiled(name: str, what: str, evil: Evil) -> Case:
    make = partial(evils.sometimes, evil, CHANCE, SEED)
    does = f"every second answer of every node, at random, {what}"
    run = partial(treated, terms=LONGER, make=make, what=does)
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
    _slowed(
        "delayed",
        "every answer of a node comes 0.2 s later, piece by piece",
        partial(evils.delayed, 0.2),
        LONGER,
    ),
    _slowed(
        "throttled",
        "every node has an uplink of 1 Mbit/s (77 KB)",
        partial(evils.throttled, evils.MEGABIT),
        WIDER,
    ),
    _spoiled("truncated", "is cut off in the middle", evils.truncated),
    _spoiled("flipped", "has a bit turned", evils.flipped),
    _spoiled("failing", "is an error 500", evils.failing),
    _spoiled("endless", "has no end", evils.endless),
    Case(
        "wire-only-some",
        3,
        "each trainer answers one tester of its child alone",
        "nobody loses anything: testers pass on to each other what they got",
        only_some,
    ),
)
