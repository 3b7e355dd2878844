"""A node that is killed leaves what one leaves that is not; `make crash` tries each step alone."""

from __future__ import annotations

import pytest

from crash.campaign import killed_at, killed_at_each, undisturbed, warm_up
from crash.world import Outcome, Step

FEW = 2
"""Steps of a duty's way, far from each other, at which the node dies in a run of its own."""


@pytest.fixture(scope="module")
def whole() -> tuple[Outcome, list[Step]]:
    warm_up()
    return undisturbed()


def test_the_victim_has_every_duty(whole: tuple[Outcome, list[Step]]) -> None:
    _, steps = whole
    calls = {
        step.where.removeprefix("after handing in ") for step in steps if "after handing in" in step.where
    }
    assert calls == {
        *("register", "maintain", "enter", "commit", "disclose", "hand_in", "grant"),
        *("score", "reveal", "vote", "close", "advance", "rotate_key", "withdraw"),
    }


def test_a_death_at_a_step_changes_nothing(whole: tuple[Outcome, list[Step]]) -> None:
    outcome, steps = whole
    for place in range(len(steps) // FEW // 2, len(steps), len(steps) // FEW):
        disturbed = killed_at(place)
        assert disturbed.deaths == 1
        assert disturbed.is_like(outcome), steps[place]


def test_a_death_at_each_step_changes_nothing(whole: tuple[Outcome, list[Step]]) -> None:
    outcome, steps = whole
    disturbed = killed_at_each()
    assert disturbed.deaths >= len(steps)
    assert disturbed.is_like(outcome)


def test_what_is_drawn_anew_after_a_death_was_not_yet_used(whole: tuple[Outcome, list[Step]]) -> None:
    outcome, _ = whole
    disturbed = killed_at_each(forgetful=True)
    assert (disturbed.version, disturbed.steps) == (outcome.version, outcome.steps)
    assert disturbed.orphans == outcome.orphans == set()
    assert disturbed.failures == outcome.failures == 0
