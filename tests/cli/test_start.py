import json
import subprocess
import sys

import pytest

import derelay as package


def test_help_is_everywhere_with_an_example_and_without_torch():
    code = (
        "import sys, derelay.cli.app as cli\n"
        "for words in ([], ['demo'], ['tasks'], ['export']):\n"
        "    assert cli.app([*words, '--help'], standalone_mode=False) == 0\n"
        "print(any(name in sys.modules for name in ('torch', 'web3', 'matplotlib')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.count("Example: derelay") == 3
    assert done.stdout.endswith("False\n")


def test_version(derelay):
    assert derelay("--version").stdout == f"derelay {package.__version__}\n"


def test_the_facade_has_what_it_names():
    assert all(getattr(package, name) is not None for name in package.__all__)
    assert package.demo.__module__ == "derelay.local.demo"
    with pytest.raises(AttributeError, match="no attribute 'train'"):
        _ = package.train


def test_tasks_are_listed_for_people_and_programs(derelay):
    assert "digits" in derelay("tasks").stdout
    rows = {row["name"]: row for row in json.loads(derelay("tasks", "--json").stdout)}
    assert rows["digits"]["steps"] == package.load_task("digits").steps
    assert rows["text"]["description"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["expot"], "No such command 'expot'"),
        (["demo", "--participants", "many"], "Invalid value for '--participants'"),
        (["demo", "--participants", "3"], "3 participants: a relay here needs 4 to 64"),
        (["demo", "--participants", "65"], "65 participants: a relay here needs 4 to 64"),
        (["demo", "--dishonest", "13"], "13 dishonest of 12 participants: give 0 to 12"),
        (["demo", "--dishonest", "-1"], "-1 dishonest of 12 participants"),
        (["demo", "--dishonest", "honest"], "no dishonest strategy 'honest': choose from free-rider"),
        (["demo", "--rounds", "0"], "0 rounds: run at least 1"),
        (["demo", "--alpha", "-1"], "alpha -1.0: give 0, each stratum to one participant"),
        (["demo", "--alpha", "inf"], "alpha inf: give 0"),
        (["demo", "--seed", "-1"], "seed -1: give a number from 0"),
        (["demo", "--task", "nope"], "no task 'nope' is installed: choose one of digits, text"),
        (["demo", "--task", "gone.py"], "no task file gone.py: check the path"),
        (["demo", "--task", "mine.txt"], "no task 'mine.txt' is installed"),
        (["demo", "--json", "."], "--json . is there already and no earlier result: name another file"),
        (["demo", "--json", "/dev/null/x"], "--json /dev/null/x: /dev/null is no directory"),
        (["demo", "--report", "/dev/null"], "report /dev/null is a file: name a directory"),
        (["demo", "--report", "/dev/null/x"], "report /dev/null/x cannot be written (Not a directory)"),
        (["demo", "--report", "r" * 300], f"{'r' * 300}: File name too long: name another place"),
        (["demo", "--json", "j" * 300], f"{'j' * 300}: File name too long"),
        (["demo", "--task", f"{'t' * 300}.py"], f"{'t' * 300}.py: File name too long"),
        (
            ["export", "latest", "-o", f"{'o' * 300}.safetensors"],
            f"{'o' * 300}.safetensors: File name too long",
        ),
        (["export", "latest"], "Missing option '-o' / '--output'"),
        (["export", "latest", "-o", "head.pt"], "head.pt does not end in .safetensors"),
        (["export", "latest", "-o", "head.safetensors"], "report holds no report"),
    ],
)
def test_bad_input_is_one_clear_line_before_any_work(derelay, tmp_path, arguments, reason):
    done = derelay(*arguments)
    assert done.returncode == 2
    assert reason in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_a_task_with_too_few_cases_is_named(derelay, tmp_path):
    (tmp_path / "few.py").write_text(
        "import torch\n"
        "from derelay import Cases, Supervised\n"
        "class Few(Supervised):\n"
        "    name, classes = 'few', 2\n"
        "    def network(self):\n"
        "        return torch.nn.Linear(1, 2)\n"
        "    def cases(self):\n"
        "        cases = Cases(torch.zeros(100, 1), torch.zeros(100).long(), torch.zeros(100).long())\n"
        "        return cases, cases\n"
    )
    done = derelay("demo", "--task", "few.py")
    assert done.returncode == 2
    assert "has 100 cases to share out, too few for 12 participants" in done.stderr
    assert "so take at most 4" in done.stderr


def test_a_task_that_lacks_its_files_says_so_in_its_own_words(derelay, tmp_path):
    (tmp_path / "lacking.py").write_text(
        "from derelay import Supervised\n"
        "class Lacking(Supervised):\n"
        "    name, classes = 'lacking', 2\n"
        "    def network(self):\n"
        "        raise FileNotFoundError('fetch the weights first')\n"
        "    cases = network\n"
    )
    done = derelay("demo", "--task", "lacking.py")
    assert done.returncode == 2
    assert done.stderr == "derelay: fetch the weights first\n"


def test_what_is_not_ours_is_not_written_over(derelay, tmp_path):
    (tmp_path / "notes.json").write_text('{"mine": true}')
    assert derelay("demo", "--json", "notes.json").returncode == 2
    assert derelay("demo", "--report", ".").returncode == 2
    assert (tmp_path / "notes.json").read_text() == '{"mine": true}'
