"""Legs that follow the course of the others'."""

import torch

from derelay.baton.tensors import State
from derelay.learn import Cases, Supervised, load_task
from derelay.learn.course import course


def leg(task: Supervised, head: State, cases: Cases, seed: int = 1) -> State:
    model = task.model()
    model.load_state_dict(head)
    task.train(model, cases, task.steps, torch.Generator().manual_seed(seed))
    return {name: tensor.detach().clone() for name, tensor in model.state_dict().items()}


def of_classes(cases: Cases, *classes: int) -> Cases:
    return cases.take(torch.isin(cases.targets, torch.tensor(classes)))


def test_a_course_is_the_mean_of_what_legs_changed_and_none_without_legs():
    head = {"a": torch.tensor([1.0, 2.0])}
    legs = [(head, {"a": torch.tensor([2.0, 2.0])}), (head, {"a": torch.tensor([1.0, 6.0])})]
    found = course(legs)
    assert found is not None
    assert torch.equal(found["a"], torch.tensor([0.5, 2.0]))
    assert torch.equal(head["a"], torch.tensor([1.0, 2.0]))
    assert course([]) is None


def test_a_leg_that_learns_nothing_itself_goes_its_part_of_the_course():
    task = load_task("digits")
    task.learning_rate, task.course_weight = 0.0, 0.75
    head = task.model().state_dict()
    way = {name: torch.ones_like(tensor) for name, tensor in head.items()}
    child = leg(task.following(way), head, task.cases()[0])
    for name, tensor in head.items():
        assert torch.allclose(child[name] - tensor, 0.75 * way[name], atol=1e-5)


def test_who_knows_no_course_trains_as_without():
    task = load_task("digits")
    head, cases = task.model().state_dict(), task.cases()[0]
    plain = leg(task, head, cases)
    task.course_weight = 0.9
    followed = leg(task.following(None), head, cases)
    assert all(torch.equal(plain[name], followed[name]) for name in plain)


def test_a_holder_of_two_classes_who_follows_the_others_unlearns_less_of_what_it_never_saw():
    task = load_task("digits")
    pool, test = task.cases()
    head = task.model().state_dict()
    others = [leg(task, head, of_classes(pool, *pair)) for pair in ((0, 1), (2, 3), (4, 5), (6, 7))]
    task.course_weight = 0.8
    way = course((head, child) for child in others)
    mine = of_classes(pool, 8, 9)
    unseen = of_classes(test, *range(8))
    scores = []
    for known in (None, way):
        model = task.model()
        model.load_state_dict(leg(task.following(known), head, mine))
        scores.append(float(task.score(model, unseen).mean()))
    assert scores[1] > scores[0] + 0.02
