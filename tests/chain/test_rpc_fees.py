"""Fees on chains with a base fee and on older ones; why transactions failed, whatever the node tells."""

import pytest

from conftest import deployed
from derelay.chain.endpoint import Endpoint
from derelay.chain.endpoints import Endpoints
from derelay.chain.rpc import RpcChain


def through(gate) -> RpcChain:
    return RpcChain(Endpoints([Endpoint(gate.url)]), poll=0)


def without_base_fee(method, _, answer):
    """Answer as before EIP-1559."""
    if method == "eth_getBlockByNumber":
        del answer["result"]["baseFeePerGas"]
    if method == "eth_getTransactionReceipt" and answer["result"]:
        del answer["result"]["effectiveGasPrice"]
    return answer


def test_a_chain_without_a_base_fee_is_paid_by_gas_price(gates, movable, compiled):
    gate = gates()
    gate.change = without_base_fee
    chain = through(gate)
    assert chain.fees() == {"gasPrice": int(movable.ask("eth_gasPrice"), 16)}
    purse = deployed(movable, compiled)
    purse.sender.chain = chain
    before = chain.balance(purse.sender.address)
    price = chain.fees()["gasPrice"]
    sent = purse.send("put()", value=10)
    movable.mine()
    receipt = chain.receipt(sent)
    assert receipt.price == price
    assert before - chain.balance(purse.sender.address) == 10 + receipt.cost


def test_a_node_that_proposes_no_tip_is_asked_for_its_price(gates, movable):
    def change(method, _, answer):
        if method == "eth_maxPriorityFeePerGas":
            return {"id": answer["id"], "error": {"code": -32601, "message": "Method not found"}}
        return answer

    gate = gates()
    asked = through(gate).fees()
    gate.change = change
    assert through(gate).fees() == asked == movable.fees()


def test_fees_leave_room_for_six_full_blocks(movable, compiled):
    purse = deployed(movable, compiled)
    fees = movable.fees()
    movable.ask("anvil_setBlockGasLimit", hex(1_000_000))
    filler = purse.funded(3001)
    for _ in range(5):
        purse.send("waste()", gas=1_000_000, sender=filler)
        movable.mine()
    base = movable.fees()["maxFeePerGas"] - fees["maxPriorityFeePerGas"]
    assert fees["maxFeePerGas"] - fees["maxPriorityFeePerGas"] < base <= 2 * fees["maxFeePerGas"]


@pytest.mark.parametrize("forgets", [False, True])
def test_a_failed_transaction_whose_state_is_gone_has_no_reason_but_an_outcome(
    gates, movable, compiled, forgets
):
    def change(method, _, answer):
        if forgets and method == "eth_call":
            return {"id": answer["id"], "error": {"code": -32000, "message": "missing trie node 77"}}
        return answer

    purse = deployed(movable, compiled)
    sent = purse.send("put()", value=1)
    movable.mine()
    gate = gates()
    gate.change = change
    receipt = through(gate).receipt(sent)
    assert not receipt.ok
    assert receipt.reason == ("" if forgets else "too little")
