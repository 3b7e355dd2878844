"""How participants behave."""

from __future__ import annotations

import pytest
import torch

from derelay.learn.loading import load_task
from derelay.learn.split import split
from derelay.node.strategy import LONGEST_REST, STRATEGIES, Honest, Liar, strategy_named
from derelay.rules.verdict import Seat, Verdict

FAIL, PASS, UNDECIDED = Verdict.FAIL, Verdict.PASS, Verdict.UNDECIDED


@pytest.mark.parametrize(
    ("verdicts", "first"),
    [
        ([], 1),
        ([(1, PASS)], 2),
        ([(1, UNDECIDED)], 2),
        ([(1, FAIL)], 3),
        ([(1, FAIL), (3, FAIL)], 6),
        ([(1, FAIL), (3, FAIL), (6, FAIL)], 11),
        ([(1, FAIL), (3, PASS)], 4),
        ([(1, FAIL), (3, UNDECIDED), (4, FAIL)], 6),
        ([(n, FAIL) for n in range(1, 20)], 20 + LONGEST_REST),
    ],
)
def test_the_honest_sit_out_longer_after_each_failure(
    verdicts: list[tuple[int, Verdict]], first: int
) -> None:
    last = verdicts[-1][0] if verdicts else 0
    enters = [number for number in range(last + 1, last + 30) if Honest().enters(number, verdicts)]
    assert enters == list(range(first, last + 30))


def test_a_liar_says_the_opposite_and_cannot_invent_a_child() -> None:
    assert Liar().say(Seat(5, 3)) == Seat(-5, 3)
    assert Liar().say(None) is None
    assert Honest().say(Seat(5, 3)) == Seat(5, 3)


@pytest.mark.parametrize("name", STRATEGIES)
def test_a_leg_is_repeatable_and_leaves_the_head_alone(name: str) -> None:
    task = load_task("digits")
    share = split(task.cases()[0], 12, 1.0, torch.Generator().manual_seed(1))[0]
    head = {key: value.clone() for key, value in task.model().state_dict().items()}
    before = {key: value.clone() for key, value in head.items()}
    legs = [
        strategy_named(name).leg(task, head, share, torch.Generator().manual_seed(2)).child for _ in range(2)
    ]
    assert all(torch.equal(head[key], before[key]) for key in head)
    first, second = legs
    if first is None or second is None:
        assert name == "taker"
        return
    assert all(torch.equal(first[key], second[key]) for key in head)
    assert any(not torch.equal(first[key], head[key]) for key in head)


def test_an_unknown_strategy_is_named_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"'robber'.*free-rider"):
        strategy_named("robber")
