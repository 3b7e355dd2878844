"""The figures show the run, and name what they show."""

import numpy as np
import pytest

from derelay.sim.paper import Parameters, simulate
from derelay.sim.paper.figures import coins_figure, supply_figure, versions_figure
from derelay.sim.paper.figures.labels import GAP, apart


@pytest.fixture(scope="module", params=[(256, 120), (300, 30), (4, 1)])
def run(request):
    participants, rounds = request.param
    return simulate(Parameters(participants, rounds, seed=1))


@pytest.mark.parametrize("draw", [versions_figure, coins_figure, supply_figure])
def test_axes_are_named(run, draw):
    figure = draw(run)
    for axes in figure.axes:
        assert axes.get_title(loc="left")
        assert axes.get_ylabel()
    assert figure.axes[-1].get_xlabel() == "round"
    assert f"seed {run.parameters.seed}" in figure.get_supxlabel()


def test_bars_stack_to_all_participants(run):
    (axes,) = versions_figure(run).axes
    tops = [bar.get_y() + bar.get_height() for bar in axes.patches]
    rounds = min(100, run.parameters.rounds)
    assert tops[-rounds:] == pytest.approx([100] * rounds)
    assert tops[:rounds] == pytest.approx(
        (100 * run.rounds.holders[:rounds, 0] / run.parameters.participants).tolist()
    )


def test_every_participant_has_a_line_up_to_256_of_them(run):
    (axes,) = coins_figure(run).axes
    lines = [line for line in axes.lines if line.get_alpha()]
    assert len(lines) == min(256, run.parameters.participants)
    assert lines[0].get_ydata()[-1] == run.coins[run.parameters.rounds][0]


@pytest.mark.parametrize("heights", [[0.1], [0.5, 0.5, 0.5], [0.98, 0.99, 1.0, 1.0], [0.0, 0.01, 0.9]])
def test_names_stay_in_order_apart_and_inside(heights):
    places = apart(heights)
    assert (np.diff(places) >= GAP - 1e-12).all()
    assert max(places) <= 1
