"""Events over any range, from nodes that refuse long ones, each in its own words."""

import pytest

from conftest import deployed
from derelay.chain.chain import ChainError
from derelay.chain.endpoint import Endpoint
from derelay.chain.endpoints import Endpoints
from derelay.chain.rpc import RpcChain


def limited(most: int, error: dict[str, object]):
    """Refuse more than so many blocks."""

    def change(method, params, answer):
        if method == "eth_getLogs":
            asked = int(params[0]["toBlock"], 16) - int(params[0]["fromBlock"], 16) + 1
            if asked > most:
                return {"id": answer["id"], "error": error}
        return answer

    return change


@pytest.mark.parametrize(
    ("most", "error"),
    [
        (1, {"code": -32005, "message": "query returned more than 10000 results"}),
        (3, {"code": -32602, "message": "block range is too wide"}),
        (10, {"code": -32000, "message": "eth_getLogs is limited to a 10 blocks range"}),
        (33, {"code": 35, "message": "ranges over 33 blocks are not supported on the free plan"}),
    ],
)
def test_ranges_are_cut_to_what_the_node_answers(gates, movable, compiled, most, error):
    purse = deployed(movable, compiled)
    for number in range(5):
        purse.send("put()", value=10 + number)
        purse.send("put()", value=20 + number)
        movable.ask("anvil_mine", hex(10))
    gate = gates()
    gate.change = limited(most, error)
    chain = RpcChain(Endpoints([Endpoint(gate.url)]))
    height = chain.height()
    assert len(movable.logs([purse.address], 0, height)) == 10
    assert chain.logs([purse.address], 0, height) == movable.logs([purse.address], 0, height)
    assert chain.logs([purse.address], 5, 17) == movable.logs([purse.address], 5, 17)
    first = gate.asked["eth_getLogs"]
    chain.logs([purse.address], height - most + 1, height)
    assert gate.asked["eth_getLogs"] - first <= 2  # it has learned how much can be asked for
    gate.change = None
    for _ in range(3):
        first = gate.asked["eth_getLogs"]
        chain.logs([purse.address], 0, height)
    assert gate.asked["eth_getLogs"] - first == 1  # and that it was less than what can be asked for now


def test_a_node_that_gives_no_events_at_all_is_named(gates, movable):
    gate = gates()
    gate.change = limited(0, {"code": -32601, "message": "not offered"})
    chain = RpcChain(Endpoints([Endpoint(gate.url)]))
    with pytest.raises(ChainError, match=rf"{gate.url} refuses: not offered \(-32601\)"):
        chain.logs([], 0, 0)


def test_no_events_are_asked_for_beyond_the_newest_block(movable):
    assert movable.logs([], 5, 10) == []
    assert movable.logs([], 5, 4) == []


@pytest.mark.parametrize("field", [{"address": "0x" + "11" * 20}, {"blockNumber": "0x7777"}])
def test_events_that_nobody_asked_for_are_no_answer(gates, movable, compiled, field):
    purse = deployed(movable, compiled)
    purse.send("put()", value=20)
    movable.mine()
    gate = gates()

    def change(method, params, answer):
        if method == "eth_getLogs":
            answer["result"] = [{**log, **field} for log in answer["result"]]
        return answer

    gate.change = change
    chain = RpcChain(Endpoints([Endpoint(gate.url)]))
    with pytest.raises(ChainError, match="gives no answer that can be read"):
        chain.logs([purse.address], 0, chain.height())


def test_another_block_than_asked_for_is_no_answer(gates, movable):
    movable.mine()
    movable.mine()
    gate = gates()
    chain = RpcChain(Endpoints([Endpoint(gate.url)]))
    chain.height()

    def change(method, params, answer):
        if method == "eth_getBlockByNumber" and params[0] == "0x1":
            answer["result"]["number"] = "0x0"
        return answer

    gate.change = change
    with pytest.raises(ChainError, match="asked for block 1, told of 0"):
        chain.block_hash(1)


def test_an_endpoint_that_falls_behind_itself_is_named(gates, movable, caplog):
    for _ in range(3):
        movable.mine()
    gate = gates()
    chain = RpcChain(Endpoints([Endpoint(gate.url)]), poll=0)
    assert chain.height() == 3

    def change(method, params, answer):
        if params and params[0] == "latest":
            answer["result"]["number"] = "0x1"
        return answer

    gate.change = change
    assert chain.height() == 1
    assert f"{gate.url} is 2 blocks behind what was read" in caplog.text
