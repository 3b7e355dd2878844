"""A child is sent in the fewest bytes that cost it next to nothing."""

import pytest
import torch
from torch import nn

from derelay.baton.tensors import State
from derelay.learn.cases import Share
from derelay.learn.compression import CHOICES, Loss, lightest
from derelay.learn.split import split
from derelay.learn.task import Task
from derelay.learn.tasks.digits import Digits

RULES = {"step": 0.25, "clip": 1.0}


class Wide(Digits):
    """Digits by a model of two blocks."""

    def network(self) -> nn.Module:
        return nn.Sequential(nn.Flatten(), nn.Linear(64, 4096), nn.ReLU(), nn.Linear(4096, 10))


def state(model: nn.Module) -> State:
    return {name: tensor.detach().clone() for name, tensor in model.state_dict().items()}


def leg(task: Task) -> tuple[State, State, Share]:
    share = split(task.cases()[0], 6, 1.0, torch.Generator().manual_seed(3))[0]
    model = task.model()
    head = state(model)
    task.train(model, share.train, 20, torch.Generator().manual_seed(4))
    return head, state(model), share


@pytest.fixture(scope="module")
def wide() -> tuple[State, State, Share]:
    return leg(Wide())


def test_a_child_is_sent_by_the_first_codec_that_surely_loses_no_more_than_the_task_forgoes(wide):
    head, child, share = wide
    task = Wide()
    sent = lightest(task, head, child, share.held_out, **RULES)
    loss = Loss(task, head, child, share.held_out, *RULES.values())
    assert loss.gain.mean_nano > 0

    lost = loss.of(sent.settled)
    assert lost.se_nano - lost.mean_nano <= 0.02 * loss.gain.mean_nano
    assert sent.size < 0.15 * 4 * sum(tensor.numel() for tensor in child.values())
    smaller = CHOICES[: CHOICES.index(sent.codec)]
    assert not any(loss.is_bearable(codec.settled(child, head)) for codec in smaller)


def test_a_task_that_forgoes_less_sends_more(wide):
    head, child, share = wide
    task, sizes = Wide(), []
    for task.forgone in (0.5, 0.001, 0):
        sizes.append(lightest(task, head, child, share.held_out, **RULES).size)
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[1] < sizes[2] == 4 * sum(tensor.numel() for tensor in child.values())


def test_what_fits_into_a_block_is_sent_whole():
    head, child, share = leg(Digits())
    assert lightest(Digits(), head, child, share.held_out, **RULES).codec.name == "full"
