"""A whole relay in one process: what its users rely on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from derelay.baton.baton import Baton
from derelay.learn.loading import load_task
from derelay.local.cast import FUNDS
from derelay.local.record import Run, record
from derelay.local.relay import RelayStopped, play
from derelay.local.result import Result
from derelay.rules.parameters import OPEN

SMALL = replace(OPEN, seats=3, voters=5)


def small_run(folder: Path, seed: int = 3, rounds: int = 3) -> Run:
    cheats = ("free-rider", "poisoner")
    return play(load_task("digits"), 8, rounds, cheats, 1.0, seed, folder, SMALL, lambda moment: None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("relay")


@pytest.fixture(scope="module")
def run(folder: Path) -> Run:
    return small_run(folder)


@pytest.fixture(scope="module")
def result(run: Run) -> Result:
    return record(run)


def test_the_same_seed_gives_the_same_heads_and_another_does_not(
    run: Run, result: Result, tmp_path: Path
) -> None:
    again = small_run(tmp_path / "again", rounds=2).cast.relay
    other = small_run(tmp_path / "other", seed=4, rounds=1).cast.relay
    heads = [head.id for head in result.heads]
    assert [again.rounds.read("head_of", i).hex() for i in range(3)] == heads[:3]
    assert other.rounds.read("head_of", 1).hex() != heads[1]


def test_the_model_gets_better_than_anyone_alone(result: Result) -> None:
    assert result.head.version == 3
    assert result.head.accuracy > result.rounds[0].accuracy > 0.2
    assert result.head.accuracy > result.baseline.alone_mean


def test_cheats_pay_and_pass_nothing(result: Result) -> None:
    cheats = [person for person in result.participants if not person.honest]
    assert [person.strategy for person in cheats] == ["free-rider", "poisoner"]
    assert sum(person.admitted for person in cheats) > 0
    for person in cheats:
        assert person.passed == 0
        if person.admitted:
            assert person.income["training"].native < 0
        assert person.income["training"].coins == 0


def test_what_wallets_hold_is_what_the_record_says(run: Run, result: Result) -> None:
    relay, chain = run.cast.relay, run.chain
    gas = {node.me.address: 0 for node in run.cast.nodes}
    for _, transaction in chain.transactions:
        receipt = chain.receipt(transaction)
        assert receipt is not None
        sender = chain.w3.eth.get_transaction(transaction)["from"]
        if sender in gas:
            gas[sender] += receipt.cost
    for node, person in zip(run.cast.nodes, result.participants, strict=True):
        address = node.me.address
        bond = relay.member(address).bond
        slashed = relay.maintainer_bond - bond
        earned = chain.balance(address) + gas[address] + bond + slashed - FUNDS
        assert earned - slashed == person.net.native
        assert relay.coin.read("balanceOf", address) / 10**18 == pytest.approx(person.net.coins)


def test_no_transaction_failed(run: Run) -> None:
    failed = [
        (name, receipt.reason)
        for name, transaction in run.chain.transactions
        if (receipt := run.chain.receipt(transaction)) is None or not receipt.ok
    ]
    assert failed == []


def test_coins_are_bounded_by_what_was_learned(run: Run, result: Result) -> None:
    supply = run.cast.relay.coin.read("totalSupply")
    minted = sum(round_.minted for round_ in result.rounds)
    assert supply / 10**18 == pytest.approx(minted)
    bound = sum(min(1, max(0, round_.gain) * 10**9 / OPEN.g_ref) for round_ in result.rounds)
    assert minted <= bound + 1e-9


def test_everyone_reads_only_what_it_was_granted_or_made(run: Run, result: Result) -> None:
    made = {head.id for head in result.heads}
    for node, person in zip(run.cast.nodes, result.participants, strict=True):
        granted = {grant.baton for grant in result.grants if grant.reader == person.name}
        own = {child.id for round_ in result.rounds for child in round_.children}
        for head in result.heads:
            if head.id in granted or run.cast.relay.holds(bytes.fromhex(head.id), node.me.address):
                continue
            assert node.me.baton(bytes.fromhex(head.id)) is None
        assert granted <= made | own


def test_the_chain_of_heads_reaches_genesis(result: Result) -> None:
    children = {child.id for round_ in result.rounds for child in round_.children}
    assert result.heads[0].parents == ()
    for before, head in zip(result.heads, result.heads[1:], strict=False):
        assert head.version == before.version + 1
        assert head.parents
        assert set(head.parents) <= children | {before.id}


def test_the_saved_head_is_the_one_on_chain(run: Run, result: Result, folder: Path) -> None:
    assert result.head.file is not None
    baton = Baton.load(folder / result.head.file)
    assert baton.id == run.cast.relay.view().head.id == bytes.fromhex(result.head.id)


def test_the_record_tells_whom_the_contract_pays_for_serving(run: Run, result: Result) -> None:
    names = run.cast.names
    for round_ in result.rounds:
        assert set(round_.servers) <= {child.trainer for child in round_.children}
    assert any(round_.servers for round_ in result.rounds)
    assert set().union(*(round_.servers.values() for round_ in result.rounds)) <= set(names.values())


def test_a_relay_in_which_nobody_can_go_on_says_so(tmp_path: Path) -> None:
    more = replace(SMALL, min_seats=4, seats=4)
    with pytest.raises(RelayStopped, match="round 0 stands still in REST"):
        play(load_task("digits"), 3, 1, (), 1.0, 3, tmp_path, more, lambda moment: None)


def test_who_cannot_pay_the_deposit_does_not_enter_and_the_rounds_go_on(tmp_path: Path) -> None:
    dear = replace(SMALL, price=100 * FUNDS)
    result = record(play(load_task("digits"), 5, 2, (), 1.0, 3, tmp_path, dear, lambda moment: None))
    assert [round_.entered for round_ in result.rounds] == [0, 0]
    assert {person.net.native for person in result.participants} == {0}


def test_the_record_survives_json(result: Result) -> None:
    assert Result.from_json(result.to_json()) == result
