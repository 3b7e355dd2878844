"""The supervised default and the bundled tasks, on the real data."""

import math
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from derelay.learn import Cases, Supervised, Task, load_task, split

EXAMPLE = str(Path(__file__).parents[2] / "examples" / "breast_cancer.py")
TASKS = ["digits", "text", EXAMPLE]


def weights(model: nn.Module) -> bytes:
    return b"".join(tensor.numpy().tobytes() for tensor in model.state_dict().values())


def trained(task: Task, cases: Cases, steps: int, seed: int = 1) -> nn.Module:
    model = task.model()
    task.train(model, cases, steps, torch.Generator().manual_seed(seed))
    return model


@pytest.mark.parametrize("name", TASKS)
def test_a_task_keeps_what_the_seam_promises(name):
    task = load_task(name)
    cases, public = task.cases()
    model = task.model()
    few = public.take(torch.arange(10))
    assert weights(model) == weights(task.model())
    assert all(tensor.is_floating_point() for tensor in model.state_dict().values())
    scores = task.score(model, few)
    assert scores.shape == (10,)
    assert not scores.requires_grad
    assert bool((scores <= 0).all())
    assert 0 <= task.metrics(model, few)["accuracy"] <= 1
    assert bool((task.poison(few).targets != few.targets).all())
    rows = {row.numpy().tobytes() for row in public.inputs}
    shared = sum(row.numpy().tobytes() in rows for row in cases.inputs)
    assert shared <= 0.02 * len(cases)  # lines of dashes and of spaces recur in any documentation
    split(cases, 12, 0.3, torch.Generator().manual_seed(1), task.held_out)


@pytest.mark.parametrize("name", TASKS)
def test_a_leg_improves_the_model_and_its_generator_decides_it(name):
    task = load_task(name)
    cases, public = task.cases()
    few = public.take(torch.arange(100))
    model = trained(task, cases, task.steps)
    assert float((task.score(model, few) - task.score(task.model(), few)).mean()) > 0.3
    assert weights(trained(task, cases, 5)) == weights(trained(task, cases, 5))
    assert weights(trained(task, cases, 5)) != weights(trained(task, cases, 5, seed=2))


def test_digits_learn_to_over_95_percent_from_the_whole_pool():
    task = load_task("digits")
    cases, public = task.cases()
    assert task.metrics(trained(task, cases, 400), public)["accuracy"] > 0.95


def test_text_reports_bits_per_character():
    task = load_task("text")
    _, public = task.cases()
    few = public.take(torch.arange(20))
    metrics = task.metrics(task.model(), few)
    expected = -float(task.score(task.model(), few).mean()) / math.log(2)
    assert metrics["bits_per_character"] == pytest.approx(expected)


def test_the_windows_of_text_follow_each_other_and_do_not_overlap():
    cases, public = load_task("text").cases()
    for windows in (cases, public):
        assert torch.equal(windows.inputs[:, 1:], windows.targets[:, :-1])


class Blind(Supervised):
    """Two classes and nothing to see: all it can learn is how frequent each is."""

    name = "blind"
    classes = 2
    learning_rate = 0.1

    def network(self) -> nn.Module:
        return nn.Sequential(nn.Dropout(0.5), nn.Linear(1, 2))

    def cases(self) -> tuple[Cases, Cases]:
        return uneven(), uneven()


def uneven() -> Cases:
    targets = (torch.arange(100) < 90).long()
    return Cases(torch.ones(100, 1), targets, targets)


def test_a_holders_own_frequencies_are_not_what_its_leg_teaches():
    task = Blind()
    model = trained(task, uneven(), 300)
    model.eval()
    odds = model(torch.ones(1, 1))[0].detach()
    assert abs(float(odds[1] - odds[0])) < 0.5  # uncalibrated it would be log(9) = 2.2


@pytest.mark.parametrize(("mistaken", "least", "most"), [(0.0, 0.0, 3e-3), (10.0, 0.9, 1.0)])
def test_a_class_that_the_holder_lacks_is_unlearned_only_where_the_model_takes_its_cases_for_that(
    mistaken, least, most
):
    task = Blind()
    only_ones = uneven().take(torch.arange(90))
    prior = task.prior(only_ones.targets)
    logits = torch.tensor([[mistaken, 0.0]], requires_grad=True)
    cross_entropy(logits + prior, torch.tensor([1])).backward()
    assert least < float(logits.grad[0, 0]) < most


def test_dropout_draws_from_the_legs_generator_and_leaves_the_global_one_alone():
    torch.manual_seed(5)
    first = trained(Blind(), uneven(), 5)
    drawn = torch.rand(1)
    torch.manual_seed(5)
    assert torch.equal(torch.rand(1), drawn)
    assert weights(trained(Blind(), uneven(), 5)) == weights(first)


def test_cases_of_unequal_length_are_refused():
    with pytest.raises(ValueError, match="one row of each per case"):
        Cases(torch.zeros(3, 1), torch.zeros(2), torch.zeros(3))
