"""How participants behave."""

from __future__ import annotations

import pytest
import torch

from derelay.learn.loading import load_task
from derelay.learn.split import split
from derelay.node.strategy import STRATEGIES, Honest, Liar, strategy_named
from derelay.rules.pool import Ballot
from derelay.rules.resting import Resting
from derelay.rules.score import UNAVAILABLE, pack
from derelay.rules.verdict import Seat

CHILD = bytes(range(32))


def test_the_honest_rest_and_others_do_not() -> None:
    resting = Resting(discouraged=1, since=4)
    assert [number for number in range(5, 8) if Honest().enters(number, resting)] == [6, 7]
    assert Liar().enters(5, resting)


def test_a_liar_says_the_opposite_and_cannot_invent_a_child() -> None:
    assert Liar().scores(CHILD, Seat(5, 3)) == Seat(-5, 3)
    assert Liar().scores(CHILD, None) is None
    assert Honest().scores(CHILD, Seat(5, 3)) == Seat(5, 3)


def test_a_liar_votes_the_opposite_and_names_what_it_computed() -> None:
    ballot = Ballot((CHILD, bytes(32)), (pack(Seat(5, 3)), UNAVAILABLE, pack(Seat(-7, 2))))
    assert Liar().votes(ballot) == Ballot(
        (CHILD, bytes(32)), (pack(Seat(-5, 3)), UNAVAILABLE, pack(Seat(7, 2)))
    )
    assert Honest().votes(ballot) == ballot


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
