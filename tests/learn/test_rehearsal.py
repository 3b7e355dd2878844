"""Legs that rehearse the classes that their holder lacks."""

import torch
from torch import nn

from derelay.learn import Cases, Supervised, average, load_task
from derelay.learn.rehearsal import FEWEST, Rehearsal, classifier, remember


class Digits(Supervised):
    """Digits by two linear layers."""

    name = "digits by two layers"
    classes = 10
    rehearsal = 0.3

    def network(self):
        return nn.Sequential(nn.Flatten(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, self.classes))

    def cases(self):
        return load_task("digits").cases()


def of_classes(cases: Cases, *classes: int) -> Cases:
    return cases.take(torch.isin(cases.targets, torch.tensor(classes)))


def leg(task, head, cases, steps, seed=1):
    model = task.model()
    model.load_state_dict(head)
    task.train(model, cases, steps, torch.Generator().manual_seed(seed))
    return {name: tensor.detach().clone() for name, tensor in model.state_dict().items()}


def test_a_holder_of_two_classes_who_rehearses_learns_more_and_unlearns_less_of_what_others_taught():
    task = Digits()
    pool, test = task.cases()
    head = leg(task, task.model().state_dict(), of_classes(pool, *range(8)), 300)
    scores = []
    for weight in (0.0, 0.3):
        rehearsing = Digits()
        model = rehearsing.model()
        rehearsing.rehearsal = weight
        model.load_state_dict(head)
        rehearsing.train(model, of_classes(pool, 8, 9), 60, torch.Generator().manual_seed(2))
        taught, own = of_classes(test, *range(8)), of_classes(test, 8, 9)
        scores.append([float(task.score(model, cases).mean()) for cases in (taught, own)])
    without, with_it = scores
    assert with_it[0] > without[0] + 0.03
    assert with_it[1] > without[1] + 0.03


def test_the_average_of_models_remembers_what_each_saw():
    task = Digits()
    pool, _ = task.cases()
    head = task.model().state_dict()
    children = [leg(task, head, of_classes(pool, *classes), 1) for classes in ((0, 1), (2, 3))]
    pooled = average(children)
    for child, classes in zip(children, ((0, 1), (2, 3)), strict=True):
        for k in classes:
            mean = child["3.rehearsal_sum"][k] / child["3.rehearsal_weight"][k]
            both = pooled["3.rehearsal_sum"][k] / pooled["3.rehearsal_weight"][k]
            assert torch.allclose(mean, both, atol=1e-5)
            assert mean.any()


def test_nothing_is_told_of_a_class_with_few_cases():
    task = Digits()
    pool, _ = task.cases()
    few = Cases.concat([of_classes(pool, 1), of_classes(pool, 7).take(torch.arange(FEWEST - 1))])
    child = leg(task, task.model().state_dict(), few, 1)
    assert child["3.rehearsal_weight"][1] > 0
    assert child["3.rehearsal_weight"][7] == 0


def test_a_memory_that_the_model_itself_contradicts_is_not_rehearsed():
    last = nn.Linear(2, 2, bias=False)
    remember(last, 2)
    last.weight.data = torch.eye(2)
    last.rehearsal_weight.fill_(1.0)
    prior, generator = torch.zeros(2), torch.Generator().manual_seed(1)
    for remembered, is_rehearsed in (([0.0, 5.0], True), ([5.0, 0.0], False)):
        last.rehearsal_sum[1] = torch.tensor(remembered)
        last.rehearsal_squares[1] = last.rehearsal_sum[1] ** 2
        rehearsal = Rehearsal(last, torch.zeros(30).long(), 1.0)
        assert (float(rehearsal.loss(prior, 8, generator).detach()) > 0) == is_rehearsed
        assert rehearsal.targets(30).tolist() == [1] * 15


def test_a_memory_of_absurd_size_spoils_no_leg():
    last = nn.Linear(2, 2)
    remember(last, 2)
    last.weight.data.fill_(1.0)
    last.rehearsal_weight.fill_(1.0)
    last.rehearsal_sum[1] = torch.tensor([3e38, 3e38])
    last.rehearsal_squares[1] = 3e38
    rehearsal = Rehearsal(last, torch.zeros(30).long(), 1.0)
    rehearsal.loss(torch.zeros(2), 8, torch.Generator().manual_seed(1)).backward()
    assert all(weights.grad.isfinite().all() for weights in last.parameters())


def test_a_model_without_such_a_layer_or_such_a_task_remembers_nothing():
    assert classifier(nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 4)), 3) is None
    task = Digits()
    task.rehearsal = 0.0
    assert not any("rehearsal" in name for name in task.model().state_dict())
