"""cost, status, heads, batons: what the chain says, read without a password."""

import json
import re
from pathlib import Path

import pytest

from cli.verbs.scene import URL
from derelay.cli.gas import GAS, GRANT_GAS, KEEPING_GAS, price_now
from derelay.cli.password import VARIABLE

GAS_PAGE = (Path(__file__).parents[3] / "docs/reference/gas.md").read_text()


@pytest.fixture(autouse=True)
def _no_password(played, monkeypatch):
    monkeypatch.delenv(VARIABLE)


def test_heads_are_those_of_the_chain(ask, played):
    rows = json.loads(ask("heads", None, "--json").stdout)
    head = played.relay.view().head
    assert [row["version"] for row in rows] == [0, 1]
    assert (rows[0]["id"], rows[0]["round"]) == (played.relay.genesis.hex(), None)
    assert (rows[1]["id"], rows[1]["round"]) == (head.id.hex(), 1)
    assert rows[1]["gain"] > played.relay.parameters.g_head
    assert sum(row["minted"] for row in rows) == played.relay.coin.read("totalSupply")
    assert len(set(played.relay.history.readers(head.id))) == rows[1]["granted"] > 0
    shown = ask("heads", None).stdout
    assert all(row["id"] in shown for row in rows)


def test_status_says_where_the_relay_stands(ask, played):
    told = json.loads(ask("status", None, "--json").stdout)
    view = played.relay.view()
    assert (told["round"], told["phase"]) == (1, "rest")
    assert told["head"] == {"version": 1, "id": view.head.id.hex(), "round": 1}
    assert told["closes_in"] == view.closes_at[0] - view.now
    assert told["maintainers"] == len(played.people)
    assert "wallet" not in told
    shown = ask("status", None).stdout
    assert "1, rest" in shown
    assert f"v1 {view.head.id.hex()}" in shown


def test_status_says_where_one_stands(ask, played):
    for person in played.people[2:]:
        told = json.loads(ask("status", person, "--json").stdout)["wallet"]
        view = played.relay.view()
        assert told["wei"] == played.chain.balance(person.address)
        assert (told["owed_wei"], told["owed_coins"]) == played.relay.owed(person.address)
        assert told["bond"] == played.relay.maintainer_bond
        assert told["maintains"]
        assert told["owner"] == (person.address in view.owners)
        assert told["holds_head"] == played.relay.holds(view.head.id, person.address)
        assert (told["entered"], told["admitted"], told["card"]) == (False, False, None)
        assert "maintains" in ask("status", person).stdout


def test_batons_are_those_that_one_may_open(ask, played):
    made = set()
    for person in played.people:
        rows = json.loads(ask("batons", person, "--json").stdout)
        history = played.relay.history
        known = {e.values["id"] for e in history.named("HandedIn", "HeadChanged")} | {played.relay.genesis}
        mine = {baton.hex() for baton in known if played.relay.holds(baton, person.address)}
        assert {row["id"] for row in rows} == mine
        assert all(id in ask("batons", person).stdout for id in mine)
        made.update(row["granter"] == person.address for row in rows)
    assert made == {True, False}


def test_cost_is_said_in_wei_for_a_newcomer_and_for_oneself(ask, played):
    newcomer = json.loads(ask("cost", None, "--json").stdout)
    relay = played.relay
    price = price_now(played.chain.fees())
    assert newcomer["gas_price"] == price
    assert newcomer["joining"]["bond"] == relay.bond
    assert newcomer["joining"]["leave_delay"] == 24 * 3600
    assert newcomer["trainer"] == {
        "deposit": 2 * relay.parameters.price,
        "fee": relay.parameters.entry_fee,
        "gas": price * (GAS["enter"] + GAS["commit"] + GAS["disclose"] + GAS["hand_in"]),
    }
    assert newcomer["tester"]["seat_fee"] == relay.parameters.seat_fee
    assert newcomer["owner"]["grant_gas"] == price * GRANT_GAS
    assert newcomer["maintainers"]["closing_fee"] == relay.parameters.closing_fee
    owner = next(person for person in played.people if relay.holds(relay.view().head.id, person.address))
    mine = json.loads(ask("cost", owner, "--json").stdout)
    assert mine["trainer"]["deposit"] == relay.parameters.price
    shown = ask("cost", None).stdout
    assert "0.002 deposit, comes back if your child passes" in shown
    assert "0.01 bond, comes back 1 d after leaving" in shown


@pytest.mark.parametrize(
    ("fees", "price"),
    [({"gasPrice": 7}, 7), ({"maxFeePerGas": 2 * 10 + 3, "maxPriorityFeePerGas": 3}, 13)],
)
def test_the_price_of_gas_is_that_of_now(fees, price):
    assert price_now(fees) == price


def measured(call: str) -> list[int]:
    """Return the row of a call in the first of the tables that has it: 8, 32, 128, 512 entries."""
    row = re.search(rf"^\| {call} \|([\d, |]+)\|$", GAS_PAGE, re.MULTILINE)
    return [int(number.replace(",", "")) for number in row[1].split("|")]


def test_gas_is_what_the_benchmark_measured():
    for call, most in GAS.items():
        assert max(measured(call)) <= most <= 1.2 * max(measured(call)), call
    each = measured("grant")[-1] / 32
    assert each <= GRANT_GAS <= 1.2 * each
    windows = ("REST", "ENTER", "TRAIN", "DISCLOSE", "SEAL", "SCORE", "REVEAL", "POOL")
    steps = [
        f"advance {step}"
        for step in ("ADMIT, 37 items", "DRAW, 37 items", "JUDGE, 17 items", "SETTLE, 17 items")
    ]
    calls = [*(f"close {window}" for window in windows), *steps, "advance SETTLE, 1 item"]
    together = sum(measured(call)[0] for call in calls)
    assert together <= KEEPING_GAS <= 1.2 * together


def test_what_is_missing_is_named(derelay, played):
    assert "no invitation is given" in derelay("status", "--chain", URL).stderr
    assert "no chain is given" in derelay("heads", str(played.invitation)).stderr
    assert "no wallet is given" in derelay("batons", str(played.invitation), "--chain", URL).stderr


def test_settings_stand_in_for_arguments(derelay, played, tmp_path):
    (tmp_path / "derelay.toml").write_text(f'chain = "{URL}"\ninvitation = "{played.invitation}"\n')
    assert len(json.loads(derelay("heads", "--json").stdout)) == 2
    (tmp_path / "derelay.toml").rename(tmp_path / "other.toml")
    assert derelay("heads").returncode == 2
    assert derelay("heads", "--config", "other.toml").returncode == 0
