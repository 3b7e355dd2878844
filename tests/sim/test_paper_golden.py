"""The authors' own run, number for number; where it comes from: golden/README.md."""

import csv
from pathlib import Path

import pytest

from derelay.sim.paper import Parameters, Rng, simulate
from derelay.sim.paper.tables import write_coins, write_rounds, write_versions

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(scope="module")
def run():
    return simulate(Parameters(rng=Rng.REFERENCE))


def rows(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_everyones_coins_are_the_authors_to_the_last_bit(run):
    golden = rows(GOLDEN / "coins.csv")
    assert list(golden[0]) == ["participant", *(f"round_{number}" for number in run.coins)]
    for number, coins in run.coins.items():
        assert coins.tolist() == [float(row[f"round_{number}"]) for row in golden]


def test_children_holders_and_supply_are_the_authors_in_every_round_kept(run, tmp_path):
    write_rounds(run, tmp_path / "rounds.csv")
    ours = {row["round"]: row for row in rows(tmp_path / "rounds.csv")}
    golden = rows(GOLDEN / "rounds.csv")
    assert len(golden) == 248
    for row in golden:
        assert {name: float(value) for name, value in ours[row["round"]].items()} == {
            name: float(value) for name, value in row.items()
        }


def test_files_are_the_authors_byte_for_byte(run, tmp_path):
    for name, write in (("coins.csv", write_coins), ("versions.csv", write_versions)):
        write(run, tmp_path / name)
        assert (tmp_path / name).read_bytes() == (GOLDEN / name).read_bytes()
