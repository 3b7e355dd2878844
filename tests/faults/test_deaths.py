"""Real nodes die, some of them for good, within one round of one network; `make faults` does far more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from derelay.rules.phases import Phase
from faults.case import Outcome
from faults.holds import what_must_hold
from faults.scene import Scene
from faults.terms import Terms

pytestmark = pytest.mark.alone

BRIEF = replace(Terms(), nodes=6, windows=(3, 6, 14, 6, 6, 10, 6, 8))


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    with Scene(tmp_path_factory.mktemp("deaths"), print, BRIEF) as scene:
        view = scene.reach(1, Phase.TRAIN)
        trainers = [entry.trainer for entry in view.entries if entry.admitted]
        others = [who for who in scene.nodes if who not in trainers]
        for victim in dict.fromkeys((view.owners[0], trainers[-1], others[-1])):
            scene.note(f"kill {scene.names([victim])}")
            scene.kill(victim)
            scene.start([victim])
        view = scene.reach(1, Phase.SCORE)
        assert view.phase is Phase.SCORE
        gone = [view.deck[0].tester, trainers[0]]
        scene.note(f"{scene.names(gone)} vanish")
        scene.kill(*gone)
        scene.faulted.update(gone)
        return what_must_hold(scene)


def test_the_relay_goes_on_and_the_living_lose_nothing(outcome: Outcome) -> None:
    assert outcome.broken == ()
    assert outcome.runs >= 3
    assert outcome.figures["heads"] == 1
    assert outcome.figures["lost by others"] == 0


def test_who_vanished_with_a_duty_pays_for_it(outcome: Outcome) -> None:
    assert outcome.figures["lost by faulted"] in (
        1,
        2,
    )  # the tester; the trainer, if nobody had its child yet


def test_training_goes_on_within_a_window(outcome: Outcome) -> None:
    assert outcome.went_on is not None
    assert outcome.went_on <= max(BRIEF.windows)
