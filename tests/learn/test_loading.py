import hashlib
from pathlib import Path

import pytest

from derelay.learn import Supervised, Task, TaskError, installed_tasks, load_task, task_hash
from derelay.learn.tasks import digits

EXAMPLES = sorted(Path(__file__).parents[2].glob("examples/*.py"))

GOOD = """
import torch
from torch import nn
from derelay.learn import Cases, Supervised

class Mine(Supervised):
    name = "mine"
    classes = 2
    def network(self):
        return nn.Linear(1, 2)
    def cases(self):
        cases = Cases(torch.zeros(50, 1), torch.zeros(50).long(), torch.zeros(50).long())
        return cases, cases
"""


def write(path: Path, text: str) -> str:
    path.write_text(text)
    return str(path)


def test_bundled_tasks_are_installed_by_name():
    assert {"digits", "text"} <= set(installed_tasks())
    assert load_task("digits").name == "digits"


def test_a_file_with_one_task_is_a_task(tmp_path):
    task = load_task(write(tmp_path / "mine.py", GOOD))
    assert isinstance(task, Supervised)
    assert task.name == "mine"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_load_and_are_short(path):
    assert isinstance(load_task(str(path)), Task)
    assert len(path.read_text().splitlines()) < 70


def test_a_tasks_hash_is_that_of_its_file(tmp_path):
    path = write(tmp_path / "mine.py", GOOD)
    assert task_hash(load_task(path)) == hashlib.sha256(GOOD.encode()).digest()
    assert task_hash(load_task("digits")) == hashlib.sha256(Path(digits.__file__).read_bytes()).digest()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x = 1", "defines no task: define one subclass"),
        (GOOD + GOOD.replace("Mine", "Yours"), r"defines 2 tasks \(Mine, Yours\): leave one"),
        ("import nothing_of_this_name", "cannot be imported: ModuleNotFoundError.*correct the file"),
        ("class (", "cannot be imported: SyntaxError"),
        ("from derelay.learn.tasks.digits import Digits", "defines no task"),
        (GOOD.replace("def network", "def net"), "cannot be created: TypeError.*network"),
        (GOOD.replace('name = "mine"', ""), "has no name"),
        (GOOD.replace('"mine"', '"mine" * 20'), "name: set 1 to 64 printable ASCII characters"),
        (GOOD.replace("classes = 2", "steps = 0"), "steps 0: set at least 1"),
        (GOOD.replace("classes = 2", "rounds = 0"), "rounds 0: set at least 1"),
        (GOOD.replace("classes = 2", "held_out = 1.0"), "held_out 1.0: set a part between 0 and 1"),
        ("raise SystemExit(0)", "cannot be imported: SystemExit"),
    ],
)
def test_a_bad_task_file_is_named_with_the_reason(tmp_path, text, reason):
    path = write(tmp_path / "bad.py", text)
    with pytest.raises(TaskError, match=reason) as caught:
        load_task(path)
    assert path in str(caught.value)


def test_a_missing_file_and_an_unknown_name_say_what_there_is(tmp_path):
    with pytest.raises(TaskError, match=r"no task file .*gone\.py: check the path"):
        load_task(str(tmp_path / "gone.py"))
    with pytest.raises(TaskError, match=r"no task 'digit' is installed: choose one of .*digits.*\.py"):
        load_task("digit")


@pytest.mark.parametrize(
    ("network", "reason"),
    [
        ("nn.Sequential(nn.BatchNorm1d(1), nn.Linear(1, 2))", "num_batches_tracked.*int64.*GroupNorm"),
        ("nn.Linear(1, 2).double()", "'weight' of its network is torch.float64"),
    ],
)
def test_a_network_that_cannot_be_averaged_is_refused(tmp_path, network, reason):
    task = load_task(write(tmp_path / "mine.py", GOOD.replace("nn.Linear(1, 2)", network)))
    with pytest.raises(TaskError, match=reason):
        task.model()
