"""Strategies that the simulator plays, played by real nodes: a part of `make faults`."""

from __future__ import annotations

from pathlib import Path

import pytest

from derelay.learn.loading import load_task
from derelay.sim import strategies
from faults.case import Case
from faults.cases import liars
from faults.cases.strategies import broken
from faults.embedded import Stage
from faults.strategies.cast import NAMES
from faults.terms import TASK

LYING = [case for case in liars.CASES if case.name in ("lying-children-1", "lying-head-2")]
CASTS = (
    ("noise", "returner", "slicer", "copier", "forger", "vanishing"),
    ("liar", "mute", "unrevealing", "random", "vote-copier", "grinder"),
)


def test_nodes_play_all_that_the_simulator_plays() -> None:
    assert set(strategies.STRATEGIES) <= set(NAMES)


@pytest.mark.parametrize("cast", CASTS)
def test_the_honest_lose_nothing_beside_cheats_but_by_a_rule(tmp_path: Path, cast: tuple[str, ...]) -> None:
    stage = Stage(tmp_path, load_task(str(TASK)), people=12, seed=5)
    for place, name in enumerate(cast, 12 - len(cast)):
        stage.engage(name, [place])
    stage.play(2)
    assert list(broken(stage)) == []


def briefly(patch: pytest.MonkeyPatch, lying: int) -> None:
    """Let them lie in this round, and end the relay with it."""
    patch.setattr(liars, "LYING", lying)
    patch.setattr(liars, "ROUNDS", lying)


@pytest.mark.parametrize("case", LYING, ids=lambda case: case.name)
def test_verdicts_and_heads_stand_against_as_many_liars_as_are_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: Case
) -> None:
    briefly(monkeypatch, lying=1)
    assert case.run(tmp_path, print).broken == ()


def test_one_liar_more_decides_a_verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    briefly(monkeypatch, lying=2)  # what is gained in the first round is too much for two to turn
    outcome = liars.about_children(2, tmp_path, print)
    assert outcome.broken == ()
    assert "pass" in str(outcome.figures["noise"])
    assert "fail" in str(outcome.figures["honest child"])
