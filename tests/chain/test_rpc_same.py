"""The same transactions have the same outcome on the embedded EVM and on a node behind JSON-RPC."""

from dataclasses import replace
from typing import Any

import pytest

from conftest import ETHER, Purse, deployed
from derelay.chain.chain import ChainError, Receipt, Reverted
from derelay.chain.embedded import EmbeddedChain


def play(purse: Purse) -> list[Receipt]:
    """Make a small history of every outcome that there is."""
    purse.chain.mine()
    sent = [
        purse.send("put()", value=10),
        purse.send("put()", value=9),
        purse.send("mute()"),
        purse.send("burn()", gas=100_000),
    ]
    purse.chain.advance(100, blocks=3)
    other = purse.funded(2001)
    sent.append(purse.send("put()", value=30, sender=other))
    sent.append(purse.send("raise_least()"))
    assert purse.chain.receipt(sent[-1]) is None
    assert purse.chain.knows(sent[-1])
    assert not purse.chain.knows(b"\x07" * 32)
    purse.chain.mine()
    assert purse.chain.knows(sent[-1])
    return [purse.chain.receipt(transaction) for transaction in sent]


@pytest.fixture
def both(movable, compiled) -> tuple[Purse, Purse]:
    return deployed(EmbeddedChain(7), compiled), deployed(movable, compiled)


def test_receipts_and_logs(both):
    here, there = (play(purse) for purse in both)
    assert [receipt.reason for receipt in there] == ["", "too little", "", "out of gas", "", ""]
    assert [bare(receipt) for receipt in there] == [bare(receipt) for receipt in here]
    logs = [purse.chain.logs([purse.address], 0, purse.chain.height()) for purse in both]
    assert list(map(bare, logs[1])) == list(map(bare, logs[0]))
    assert logs[1] == [log for receipt in there for log in receipt.logs]


def bare(thing: Any) -> Any:
    """Leave out the hash, as fees differ and with them what is signed."""
    if isinstance(thing, Receipt):
        return replace(thing, transaction=b"", price=0, logs=tuple(bare(log) for log in thing.logs))
    return replace(thing, transaction=b"")


def test_what_accounts_have_and_paid(both):
    for purse in both:
        before = purse.chain.balance(purse.sender.address)
        good, bad = purse.send("put()", value=1000), purse.send("put()", value=9)
        assert purse.chain.nonce(purse.sender.address) == 3
        purse.chain.mine()
        paid = purse.chain.receipt(good).cost + purse.chain.receipt(bad).cost
        assert before - purse.chain.balance(purse.sender.address) == 1000 + paid
        assert purse.chain.balance(purse.address) == 1000
    assert both[0].chain.code(both[0].address) == both[1].chain.code(both[1].address) != b""
    assert both[1].chain.code(both[1].sender.address) == b""


def test_calls_and_why_they_revert(both):
    for purse in both:
        assert purse.read("raise_least()") == 11
        assert purse.read("least()") == 10
        for signature, values, reason in [("strict(uint256)", (10,), "not enough"), ("mute()", (), "")]:
            with pytest.raises(Reverted) as caught:
                purse.read(signature, *values)
            assert caught.value.reason == reason
        with pytest.raises(Reverted, match=r"(?i)invalid"):
            purse.read("waste()")


def test_blocks_by_height(both):
    for purse in both:
        chain = purse.chain
        chain.advance(10, blocks=2)
        hashes = [chain.block_hash(height) for height in range(chain.height() + 1)]
        assert len(set(hashes)) == len(hashes)
        block = chain.w3.eth.get_block("latest")
        assert (chain.timestamp(), chain.height()) == (block["timestamp"], block["number"])
        assert hashes[-1] == bytes(block["hash"])
        with pytest.raises(ChainError, match="not made yet; the newest is"):
            chain.block_hash(chain.height() + 1)


def test_what_is_refused_at_the_door(both):
    for purse in both:
        with pytest.raises(ChainError):
            purse.send("put()", value=10**9 * ETHER)
        with pytest.raises(ChainError):
            purse.chain.submit(b"\x02garbage")
        sent = purse.send("put()", value=10)  # what was refused used up no nonce
        purse.chain.mine()
        assert purse.chain.receipt(sent).ok
