"""`derelay simulate game`: what it prints and writes, and what it refuses."""

import csv
import json

import pytest

FEW = ("--strategies", "taker,keeper", "--agents", "5", "--rounds", "4", "--seeds", "2", "--jobs", "1")


def test_the_first_table_names_strategies_and_economies(derelay):
    done = derelay("simulate", "game", *FEW)
    assert done.returncode == 0
    for words in ("one of 5 deviates; defaults", "taker", "keeper", "learning", "versions", "income"):
        assert words in done.stdout


def test_all_studies_are_written_as_tables_and_figures(derelay, tmp_path):
    arguments = (
        "--coalitions",
        "20,40",
        "--pair",
        "price:training",
        "--mix",
        "taker,keeper",
        "--out",
        "games",
    )
    done = derelay("simulate", "game", "all", *FEW, *arguments)
    assert done.returncode == 0
    folder = tmp_path / "games"
    tables = {"deviations", "coalitions", "held", "dynamics", "regions"}
    figures = {"gains-5", "coalitions-5", "duels", "mixes-honest-taker-keeper", "region-price-training"}
    expected = {f"{name}.csv" for name in tables} | {"games.json"}
    expected |= {f"{name}.{kind}" for name in figures for kind in ("png", "pdf")}
    assert {path.name for path in folder.iterdir()} == expected
    for name in figures:
        assert (folder / f"{name}.png").read_bytes().startswith(b"\x89PNG")
        assert (folder / f"{name}.pdf").read_bytes().startswith(b"%PDF")
    with (folder / "deviations.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {(row["strategy"], row["economy"]) for row in rows} == {
        (strategy, economy)
        for strategy in ("taker", "keeper")
        for economy in ("learning", "versions", "income")
    }
    told = json.loads((folder / "games.json").read_text())
    assert {row["share"] for row in told["coalitions"]} == {0.2, 0.4}
    assert len(told["regions"]) == 30
    # Earlier findings are replaced as a whole, anything else is left alone.
    assert derelay("simulate", "game", *FEW, "--out", "games").returncode == 0
    assert {path.name for path in folder.iterdir()} == {
        "deviations.csv",
        "games.json",
        "gains-5.png",
        "gains-5.pdf",
    }


def test_json_is_for_programs(derelay):
    arguments = ("simulate", "game", *FEW, "--param", "seats=3,4", "--param", "training=0.2", "--json")
    first, second = (json.loads(derelay(*arguments).stdout) for _ in range(2))
    assert first["plan"]["sets"] == [{"seats": 3.0, "training": 0.2}, {"seats": 4.0, "training": 0.2}]
    assert {row["parameters"] for row in first["deviations"]} == {
        "seats 3, training 0.2",
        "seats 4, training 0.2",
    }
    assert first["deviations"] == second["deviations"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("everything",), "no study 'everything': choose from deviations"),
        (("--strategies", "liar"), "no strategy 'liar': choose from keeper"),
        (("--strategies", "honest"), "no strategy 'honest'"),
        (("--strategies", ","), "no strategies"),
        (("--agents", "3"), "3 agents: give 4 to 512"),
        (("--agents", "4.5"), "whole numbers"),
        (("--agents", "few"), "give numbers"),
        (("--agents", ""), "no agents"),
        (("--rounds", "0"), "0 rounds: give 1"),
        (("--seeds", "1"), "1 seeds: give 2"),
        (("--coalitions", "0"), "a coalition of 0%"),
        (("--param", "prize=1"), "no parameter 'prize'"),
        (("--param", "seats=99"), "need 1 <= min_seats"),
        (("--economy", "war"), "no economy 'war'"),
        (("--mix", "taker"), "give two names"),
        (("--mix", "taker,liar"), "no strategy 'liar'"),
        (("--pair", "price:weather"), "no values for parameter 'weather'"),
        (("--task", "chess"), "no oracle 'chess'"),
        (("--jobs", "0"), "0 jobs: give at least 1"),
        (("dynamics", "--agents", "40"), "all mixes of 40 agents"),
    ],
)
def test_what_cannot_be_played_is_one_line(derelay, arguments, words):
    done = derelay("simulate", "game", *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    assert not done.stdout


def test_other_files_are_not_written_over(derelay, tmp_path):
    (tmp_path / "games").mkdir()
    (tmp_path / "games" / "diary.txt").write_text("mine")
    done = derelay("simulate", "game", *FEW, "--out", "games")
    assert done.returncode == 2
    assert "holds other things" in done.stderr
    assert derelay("simulate", "game", *FEW, "--out", "games/diary.txt").returncode == 2
    assert [path.name for path in (tmp_path / "games").iterdir()] == ["diary.txt"]
