"""Sending: many transactions in a block, failures that stay their own, nonces that survive a restart."""

import pytest

from derelay.chain.chain import ChainError
from derelay.chain.embedded import EmbeddedChain
from derelay.chain.sender import Sender, contract_address
from derelay.chain.wallet import Wallet

ETHER = 10**18


def test_a_failed_transaction_shares_its_block_with_good_ones_and_says_why(purse):
    sent = [
        purse.send("put()", value=10),
        purse.send("put()", value=9),
        purse.send("mute()"),
        purse.send("burn()", gas=100_000),
        purse.send("put()", value=11),
    ]
    assert purse.sender.outcome(sent[0]) is None
    purse.chain.mine()
    outcomes = [purse.sender.outcome(transaction) for transaction in sent]
    assert [outcome.ok for outcome in outcomes] == [True, False, False, False, True]
    assert [outcome.reason for outcome in outcomes] == ["", "too little", "", "out of gas", ""]
    assert {outcome.block for outcome in outcomes} == {purse.chain.height()}
    assert outcomes[3].gas_used == 100_000
    assert purse.read("held(address)", purse.sender.address) == 21
    newest = purse.chain.w3.eth.get_block("latest")
    assert [bytes(transaction) for transaction in newest["transactions"]] == sent
    statuses = [purse.chain.w3.eth.get_transaction_receipt(transaction)["status"] for transaction in sent]
    assert statuses == [1, 0, 0, 0, 1]


def test_a_sender_pays_value_and_cost_to_the_wei_and_no_value_where_it_failed(purse):
    before = purse.chain.balance(purse.sender.address)
    good, bad = purse.send("put()", value=1000), purse.send("put()", value=9)
    purse.chain.mine()
    paid = purse.sender.outcome(good).cost + purse.sender.outcome(bad).cost
    assert before - purse.chain.balance(purse.sender.address) == 1000 + paid
    assert purse.chain.balance(purse.address) == 1000


def test_senders_share_a_block_in_the_order_they_sent(purse):
    others = [purse.funded(2000 + number) for number in range(3)]
    sent = [purse.send("put()", value=10 + i, sender=others[i % 3]) for i in range(9)]
    purse.chain.mine()
    assert {purse.chain.receipt(transaction).block for transaction in sent} == {purse.chain.height()}
    logs = purse.chain.logs([purse.address], purse.chain.height(), purse.chain.height())
    assert [int.from_bytes(log.data) for log in logs] == [10 + i for i in range(9)]


def test_what_exceeds_the_gas_of_a_block_waits_for_the_next(purse):
    sent = [purse.send("waste()", gas=20_000_000), purse.send("put()", value=10, gas=20_000_000)]
    purse.chain.mine()
    assert purse.chain.receipt(sent[0]).gas_used == 20_000_000
    assert "Invalid opcode" in purse.chain.receipt(sent[0]).reason
    assert purse.chain.receipt(sent[1]) is None
    assert purse.sender.nonce == purse.chain.w3.eth.get_transaction_count(purse.sender.address) + 1
    purse.chain.mine()
    assert purse.chain.receipt(sent[1]).ok


def test_a_restarted_sender_goes_on_where_the_chain_is(purse):
    sent = [purse.send("put()", value=10)]
    restarted = Sender(purse.chain, purse.sender.wallet)
    sent.append(purse.send("put()", value=10, sender=restarted))
    purse.chain.mine()
    restarted = Sender(purse.chain, purse.sender.wallet)
    sent.append(purse.send("put()", value=10, sender=restarted))
    purse.chain.mine()
    assert all(purse.chain.receipt(transaction).ok for transaction in sent)


def test_a_refused_transaction_uses_no_nonce_up(purse):
    nonce = purse.sender.nonce
    with pytest.raises(ChainError, match="add funds"):
        purse.send("put()", value=100 * ETHER)
    assert purse.sender.nonce == nonce
    good = purse.send("put()", value=10)
    purse.chain.mine()
    assert purse.chain.receipt(good).ok


def test_what_waits_is_counted_when_the_next_is_to_be_afforded(purse):
    purse.send("put()", value=6 * ETHER)
    with pytest.raises(ChainError, match="what waits"):
        purse.send("put()", value=6 * ETHER)


def test_no_block_is_broken_by_what_could_not_be_in_it(purse):
    chain, wallet = purse.chain, purse.sender.wallet
    fine = {
        "chainId": chain.chain_id,
        "nonce": purse.sender.nonce,
        "to": purse.address,
        "value": 10,
        "data": purse.data("put()"),
        "gas": 200_000,
        **chain.fees(),
    }
    wrong = {
        "chain": {"chainId": 1},
        "nonce": {"nonce": fine["nonce"] + 1},
        "gas limit": {"gas": 21_000},
        "tip": {"maxPriorityFeePerGas": 1},
    }
    for complaint, change in wrong.items():
        with pytest.raises(ChainError, match=complaint):
            chain.submit(wallet.sign(fine | change))
    raw = wallet.sign(fine)
    for garbage in (b"", b"\x00", b"\x02", raw[:-1], raw + b"\x00", raw[::-1]):
        with pytest.raises(ChainError, match="not a signed transaction"):
            chain.submit(garbage)
    transaction = chain.submit(raw)
    with pytest.raises(ChainError, match="nonce"):
        chain.submit(raw)
    chain.mine()
    assert chain.receipt(transaction).ok


def test_fund_gives_what_it_says_with_the_next_block():
    chain, address = EmbeddedChain(), Wallet(bytes(31) + b"\x09").address
    chain.fund(address, 3 * ETHER)
    assert chain.balance(address) == 0
    chain.mine()
    assert chain.balance(address) == 3 * ETHER


def test_contract_addresses_are_those_of_the_create_opcode():
    # the published example: https://ethereum.stackexchange.com/q/760
    creator = "0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0"
    assert contract_address(creator, 0).lower() == "0xcd234a471b72ba2f1ccf0a70fcaba648a5eecd8d"
    assert contract_address(creator, 1).lower() == "0x343c43a37d37dff08ae8c4a11544c718abb4fcf8"
