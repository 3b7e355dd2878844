"""`derelay simulate paper` as people use it."""

import json
from pathlib import Path

import pytest

from derelay.sim.paper.folder import FIGURES, TABLES

SMALL = ("simulate", "paper", "--participants", "16", "--rounds", "12")


def test_a_run_is_told_as_a_table(derelay):
    done = derelay(*SMALL)
    assert done.returncode == 0
    assert "Gini" in done.stdout
    assert "from round 7 on, a round has" in done.stdout
    assert done.stderr == ""


def test_json_is_standard_output_alone(derelay):
    done = derelay(*SMALL, "--seed", 7, "--rng", "reference", "--json")
    values = json.loads(done.stdout)
    assert values["parameters"] == {
        "participants": 16,
        "rounds": 12,
        "seed": 7,
        "k": 4,
        "survive": 0.5,
        "delivery": 0.9,
        "rng": "reference",
    }
    assert [each["round"] for each in values["milestones"]] == [1, 2, 5, 10, 12]


def test_out_holds_figures_tables_and_the_summary(derelay, tmp_path):
    done = derelay(*SMALL, "--out", "new/paper")
    assert done.returncode == 0, done.stderr
    out = tmp_path / "new" / "paper"
    assert {path.name for path in out.iterdir()} == {*FIGURES, *TABLES, "summary.json"}
    assert (out / "coins.png").read_bytes().startswith(b"\x89PNG")
    assert (out / "coins.pdf").read_bytes().startswith(b"%PDF")
    assert (
        (out / "coins.csv").read_text().startswith("participant,round_1,round_2,round_5,round_10,round_12\n")
    )
    assert json.loads((out / "summary.json").read_text())["steady"]["owners_expected"] > 2


def test_the_same_run_gives_the_same_files_and_only_an_earlier_run_is_replaced(derelay, tmp_path):
    for name in ("one", "two"):
        assert derelay(*SMALL, "--out", name).returncode == 0
    for name in (*FIGURES, *TABLES):
        assert Path("one", name).read_bytes() == Path("two", name).read_bytes(), name
    assert derelay(*SMALL, "--seed", 5, "--out", "two").returncode == 0
    for name in (*FIGURES, "coins.csv", "rounds.csv"):
        assert Path("one", name).read_bytes() != Path("two", name).read_bytes(), name
    (tmp_path / "two" / "notes.txt").write_text("mine")
    done = derelay(*SMALL, "--out", "two")
    assert done.returncode == 2
    assert "two holds other things than an earlier run: name a new or an empty directory" in done.stderr


def test_a_relay_that_ended_is_told(derelay):
    done = derelay(*SMALL, "--survive", 0)
    assert done.returncode == 0
    assert "no child of round 1 survived" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--participants", "255"], "255 participants: give an even number, half of them maintain"),
        (["--participants", "2"], "2 participants: give 4 to 10,000,000 with the fast random numbers"),
        (["--participants", "20002", "--rng", "reference"], "give 4 to 20,000 with the reference"),
        (["--rounds", "0"], "0 rounds: give 1 to 1,000,000"),
        (["--rounds", "many"], "Invalid value for '--rounds'"),
        (["--seed", "-1"], "seed -1: give a number from 0 to 4294967295"),
        (["--k", "0"], "k 0: give a number from 1 to the number of participants"),
        (["--k", "257"], "k 257: give a number from 1"),
        (["--survive", "1.5"], "survive 1.5: give a share from 0 to 1"),
        (["--survive", "nan"], "survive nan: give a share from 0 to 1"),
        (["--delivery", "-0.1"], "delivery -0.1: give a share from 0 to 1"),
        (["--rng", "best"], "no random numbers 'best': choose reference or fast"),
        (["--out", "/dev/null"], "/dev/null is a file: name a directory"),
        (["--out", "/dev/null/x"], "/dev/null/x cannot be written (Not a directory): name another directory"),
        (["--out", "o" * 300], "File name too long: name another place"),
    ],
)
def test_bad_input_is_one_clear_line_before_any_work(derelay, tmp_path, arguments, reason):
    done = derelay("simulate", "paper", *arguments)
    assert done.returncode == 2
    assert reason in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []
