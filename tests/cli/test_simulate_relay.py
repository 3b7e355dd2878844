import csv
import json
import subprocess
import sys

import pytest

SMALL = ("simulate", "relay", "--rounds", 6, "--mix", "honest=8,taker=2")


def test_a_relay_is_played_and_told(derelay):
    done = derelay(*SMALL)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines[1:3]] == ["honest", "taker"]
    forfeits = lines[0].split().index("forfeits")
    assert float(lines[2].split()[forfeits]) < float(lines[1].split()[forfeits])
    assert "version 6" in done.stdout


def test_json_is_the_same_each_time(derelay):
    first, again = (json.loads(derelay(*SMALL, "--json").stdout) for _ in range(2))
    assert first == again
    assert [line["agents"] for line in first["strategies"]] == [8, 2]
    assert first["strategies"][1]["counts"]["missing"] > 0
    other = json.loads(derelay(*SMALL, "--json", "--seed", 8).stdout)
    assert other != first


def test_everything_is_written_and_replaced(derelay, tmp_path):
    out = tmp_path / "out"
    derelay(*SMALL, "--out", out)
    names = {"relay.json", "agents.csv", "rounds.csv"}
    names |= {
        f"{figure}.{kind}"
        for figure in ("quality", "verdicts", "coins", "utility")
        for kind in ("png", "pdf")
    }
    assert {file.name for file in out.iterdir()} == names
    rows = list(csv.DictReader((out / "agents.csv").open()))
    assert len(rows) == 10
    parts = [float(rows[-1][name]) for name in list(rows[-1])[3:17]]
    assert float(rows[-1]["utility"]) == pytest.approx(sum(parts))
    assert len(list(csv.DictReader((out / "rounds.csv").open()))) == 6
    before = (out / "agents.csv").read_bytes()
    derelay(*SMALL, "--out", out)
    assert (out / "agents.csv").read_bytes() == before


def test_parameters_reach_the_contracts(derelay):
    free = json.loads(derelay(*SMALL, "--json", "--param", "undecided_share=0", "--param", "coin=0").stdout)
    assert all(line["parts"]["coins"] == 0 for line in free["strategies"])


def test_strategies_are_listed(derelay):
    done = derelay("simulate", "relay", "--strategies")
    assert "taker" in done.stdout
    assert "grinder" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--mix", "saint=9"), "no strategy 'saint': choose from honest"),
        (("--mix", "honest"), "name=number"),
        (("--mix", "honest=9", "--agents", 10), "the mix has 9 agents, --agents 10"),
        (("--mix", "honest=2,trainer=9"), "2 of the agents maintain, but a round opens only with 3"),
        (("--agents", 0), "0 agents"),
        (("--rounds", 0), "0 rounds"),
        (("--task", "chess"), "no oracle 'chess': take digits or text"),
        (("--task", __file__), "holds no oracle"),
        (("--economy", "greed"), "no economy 'greed'"),
        (("--param", "prize=3"), "no parameter 'prize'"),
        (("--param", "seats=99"), "seats 99"),
        (("--param", "price=0"), "price=0"),
        (("--param", "price=1,2"), "price: one relay takes one value"),
        (("--out", __file__), "is a file"),
    ],
)
def test_bad_input_is_one_line(derelay, arguments, reason):
    done = derelay("simulate", "relay", *arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert reason in done.stderr


def test_nothing_foreign_is_replaced(derelay, tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    done = derelay(*SMALL, "--out", tmp_path)
    assert done.returncode == 2
    assert "holds other things" in done.stderr


def test_without_pyrevm_it_says_what_to_install():
    code = (
        "import sys; sys.modules['pyrevm'] = None\n"
        "from derelay.cli import main\n"
        "main(['simulate', 'relay', '--rounds', '1'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.splitlines() == ["derelay: the in-process EVM is missing: pip install 'derelay[sim]'"]
