"""The embedded chain: the same seed gives the same blocks, time moves when told, calls change nothing."""

import os
import time

import pytest

from derelay.chain.chain import ChainError, Reverted, revert_reason
from derelay.chain.connect import connect
from derelay.chain.embedded import EmbeddedChain
from derelay.chain.evm import GENESIS_TIME


def run(make_purse, seed: int) -> list[bytes]:
    """Make a small history and give back every block hash."""
    purse = make_purse(seed)
    purse.send("put()", value=10)
    purse.send("put()", value=1)
    purse.chain.mine()
    purse.chain.advance(100, blocks=3)
    purse.send("raise_least()")
    purse.chain.advance(7)
    return [purse.chain.block_hash(height) for height in range(purse.chain.height() + 1)]


def test_same_seed_gives_the_same_blocks_whatever_the_clock_and_the_system_say(make_purse, monkeypatch):
    first = run(make_purse, seed=7)
    monkeypatch.setattr(time, "time", lambda: 4e9)
    monkeypatch.setattr(os, "urandom", lambda size: bytes(size))
    assert run(make_purse, seed=7) == first
    assert not set(run(make_purse, seed=8)) & set(first)


def test_contracts_see_the_time_and_randomness_of_their_block(purse):
    seen = set()
    for _ in range(3):
        purse.chain.mine()
        number, timestamp, randomness = purse.read("world()", returns="uint256,uint256,bytes32")
        assert (number, timestamp) == (purse.chain.height(), purse.chain.timestamp())
        seen.add(randomness)
    assert len(seen) == 3


def test_a_mined_block_takes_a_second_and_advance_exactly_what_it_says():
    chain = EmbeddedChain()
    assert (chain.height(), chain.timestamp()) == (0, GENESIS_TIME)
    chain.mine()
    assert (chain.height(), chain.timestamp()) == (1, GENESIS_TIME + 1)
    chain.advance(3600, blocks=7)
    assert (chain.height(), chain.timestamp()) == (8, GENESIS_TIME + 3601)
    chain.advance(3, blocks=3)
    assert (chain.height(), chain.timestamp()) == (11, GENESIS_TIME + 3604)


@pytest.mark.parametrize(("seconds", "blocks"), [(10, 0), (2, 3), (0, 1), (-5, 1)])
def test_advance_refuses_times_that_the_evm_does_not_know(seconds, blocks):
    chain = EmbeddedChain()
    with pytest.raises(ChainError, match="at least 1"):
        chain.advance(seconds, blocks)
    assert chain.height() == 0


def test_a_call_answers_as_of_the_newest_block_and_changes_nothing(purse):
    assert purse.read("raise_least()") == 11
    assert purse.read("least()") == 10
    purse.send("raise_least()")
    assert purse.read("least()") == 10
    purse.chain.mine()
    assert purse.read("least()") == 11
    assert purse.read("raise_least()") == 12


def test_a_reverted_call_says_why_each_time(purse):
    for _ in range(2):
        with pytest.raises(Reverted, match="not enough") as caught:
            purse.read("strict(uint256)", 10)
        assert caught.value.reason == "not enough"
    assert purse.read("strict(uint256)", 11) == 11


def test_logs_are_kept_by_block_and_address(purse):
    other = "0x000000000000000000000000000000000000dEaD"
    before = purse.chain.height()
    first, second = purse.send("put()", value=10), purse.send("put()", value=20)
    purse.chain.mine()
    purse.send("put()", value=30)
    purse.chain.mine()
    logs = purse.chain.logs([purse.address, other], 0, purse.chain.height())
    assert [(log.block, log.index, int.from_bytes(log.data)) for log in logs] == [
        (before + 1, 0, 10),
        (before + 1, 1, 20),
        (before + 2, 0, 30),
    ]
    assert [log.transaction for log in logs[:2]] == [first, second]
    assert logs[0].topics[1][12:].hex() == purse.sender.address[2:].lower()
    assert purse.chain.logs([purse.address], before + 2, before + 2) == logs[2:]
    assert purse.chain.logs([other], 0, purse.chain.height()) == []
    assert purse.chain.receipt(first).logs == (logs[0],)


def test_web3_reads_the_same_chain_and_cannot_write_to_it(purse, compiled):
    contract = purse.chain.w3.eth.contract(purse.address, abi=compiled["abi"])
    newest = purse.chain.w3.eth.get_block("latest")
    assert contract.functions.least().call() == 10
    assert bytes(newest["hash"]) == purse.chain.block_hash(purse.chain.height())
    with pytest.raises(ChainError, match="only reads"):
        purse.chain.w3.eth.send_transaction({"to": purse.sender.address, "value": 1})
    assert purse.chain.height() == newest["number"]


def test_a_block_that_is_not_there_yet_has_no_hash(purse):
    with pytest.raises(ChainError, match="newest is"):
        purse.chain.block_hash(purse.chain.height() + 1)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("", ""),
        ("4e487b71" + "11".rjust(64, "0"), "panic 0x11"),
        ("08c379a0" + "20".rjust(64, "0") + "02".rjust(64, "0") + "6e6f".ljust(64, "0"), "no"),
        ("08c379a0ff", "0x08c379a0ff"),
        ("deadbeef", "0xdeadbeef"),
    ],
)
def test_revert_reasons_of_every_kind(data, reason):
    assert revert_reason(bytes.fromhex(data)) == reason


def test_connect_opens_one_in_this_process():
    assert connect("embedded:", seed=3).block_hash(0) == EmbeddedChain(3).block_hash(0)
