import pytest
import torch

from derelay.learn import Cases, load_task, split
from derelay.local.baselines import compare

PARTICIPANTS = 4


@pytest.fixture(scope="module")
def digits():
    task = load_task("digits")
    pool, test = task.cases()
    return task, split(pool, PARTICIPANTS, 0.3, torch.Generator().manual_seed(3)), test


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def test_pooled_data_beat_each_share_and_more_steps_beat_fewer(digits):
    task, shares, test = digits
    found = compare(task, shares, [40, 40, 40, 0], 20, test, seed=1)
    mean = found.baseline.alone_mean
    assert mean < found.baseline.centralized_lineage_steps < found.baseline.centralized
    assert mean == pytest.approx(sum(found.alone[:3]) / 3)
    assert found.alone[3] is None
    assert found.baseline.metrics["centralized"]["accuracy"] == found.baseline.centralized


def test_the_seed_decides(digits):
    task, shares, test = digits
    steps = [10] * PARTICIPANTS
    first, again = (compare(task, shares, steps, 10, test, seed=5) for _ in range(2))
    assert first == again


def test_held_out_cases_are_not_trained_on(digits):
    task, shares, test = digits
    trained_on = []

    class Watched(type(task)):
        def train(self, model, cases, steps, generator):
            trained_on.append(cases)

    compare(Watched(), shares, [1] * PARTICIPANTS, 1, test, seed=1)
    held_out = {case.numpy().tobytes() for share in shares for case in share.held_out.inputs}
    seen = {case.numpy().tobytes() for case in Cases.concat(trained_on).inputs}
    assert len(seen) == sum(len(share.train) for share in shares)
    assert not seen & held_out


def test_where_nobody_trained_genesis_is_what_everyone_has(digits):
    task, shares, test = digits
    found = compare(task, shares, [0] * PARTICIPANTS, 0, test, seed=1)
    assert found.alone == (None,) * PARTICIPANTS
    genesis = task.metrics(task.model(), test)["accuracy"]
    assert found.baseline.alone_mean == found.baseline.centralized == genesis
