"""Several endpoints: the next answers where one does not; one that contradicts the others is not believed."""

import pytest

from conftest import deployed
from derelay.chain.chain import ChainError, Reverted
from derelay.chain.connect import connect
from derelay.chain.endpoint import Endpoint
from derelay.chain.endpoints import REST, SURVEY, Endpoints
from derelay.chain.rpc import RpcChain
from derelay.chain.rpc_errors import UnreachableError
from derelay.chain.sender import Sender
from derelay.chain.wallet import Wallet
from derelay.local.devnet import Devnet
from devnets import RICH
from gate import Gate

DEAD = "http://127.0.0.1:9"


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def over(*gates: Gate) -> tuple[RpcChain, Clock]:
    clock = Clock()
    endpoints = Endpoints([Endpoint(gate.url) for gate in gates], clock)
    for gate in gates:
        gate.asked.clear()
    return RpcChain(endpoints, poll=0, clock=clock), clock


def test_the_next_endpoint_answers_when_one_falls_silent_and_the_first_again_when_it_is_back(gates):
    first, second = gates(), gates()
    chain, clock = over(first, second)
    before = chain.height()
    first.status = 503
    assert chain.height() == before
    first.status = 200
    first.asked.clear()
    assert chain.height() == before
    assert not first.asked  # it rests
    clock.now += max(REST, SURVEY) + 1
    second.asked.clear()
    assert chain.height() == before
    assert first.asked["eth_getBlockByNumber"]
    assert set(second.asked) == {"eth_blockNumber", "eth_getBlockByNumber"}  # the comparison
    second.asked.clear()
    chain.height()
    assert not second.asked


def test_one_that_is_dead_from_the_start_does_no_harm(devnet):
    chain = connect(f"{DEAD}, {devnet.url}")
    assert chain.chain_id == 31337
    assert chain.height() == 0


def test_a_node_that_stops_is_asked_again_until_it_is_back(tmp_path):
    me = Wallet(RICH)
    with Devnet(state=tmp_path / "chain.json") as node:
        chain = connect(node.url)
        sent = Sender(chain, me).send(me.address, gas=21_000)
        while chain.receipt(sent) is None:
            pass
    with pytest.raises(UnreachableError, match=rf"{node.url} cannot be reached .*: check the endpoints"):
        chain.nonce(me.address)
    with Devnet(int(node.url.rpartition(":")[2]), tmp_path / "chain.json"):
        assert chain.nonce(me.address) == 1


def begin_otherwise(method, params, answer):
    """Be another chain with the same number."""
    if method == "eth_getBlockByNumber" and params[0] == "0x0":
        answer["result"]["hash"] = "0x" + "55" * 32
    return answer


def test_another_chain_at_the_same_address_is_noticed(gates):
    gate = gates()
    chain, _ = over(gate)
    assert chain.height() == 0
    gate.status = 502
    with pytest.raises(UnreachableError, match="answers with HTTP 502"):
        chain.height()
    gate.status, gate.change = 200, begin_otherwise
    with pytest.raises(UnreachableError, match=r"is on chain 31337 .* 555555555555, not chain 31337 that"):
        chain.height()


def test_none_that_answers_is_said_with_each_reason(gates):
    first, second = gates(), gates()
    chain, _ = over(first, second)
    first.status, second.body = 429, b"<html>"
    with pytest.raises(UnreachableError) as caught:
        chain.height()
    assert f"{first.url} answers with HTTP 429; {second.url} does not answer in JSON-RPC" in str(caught.value)
    first.status = 200
    assert chain.height() == 0


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"null",
        b'{"jsonrpc":"2.0","id":0}',
        b'{"jsonrpc":"2.0","id":0,"result":null}',
        b'{"jsonrpc":"2.0","id":0,"result":7}',
        b'{"jsonrpc":"2.0","id":0,"result":"0xzz"}',
        b'{"jsonrpc":"2.0","id":0,"result":{"number":"0x1","hash":"0x01","timestamp":"0x1"}}',
        b'{"jsonrpc":"2.0","id":0,"result":[{"number":1}]}',
        b'{"jsonrpc":"2.0","id":0,"error":"no"}',
        b'{"jsonrpc":"2.0","id":0,"error":{"code":"none"}}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_answers_that_cannot_be_read_are_no_answers(gates, body):
    odd, good = gates(), gates()
    chain, _ = over(odd, good)
    sender = Sender(chain, Wallet(RICH))
    odd.body = body
    assert chain.height() == 0
    assert chain.balance(sender.address) > 0
    alone, _ = over(good)
    good.body = body
    with pytest.raises(ChainError, match=good.url):
        alone.height()


def test_endpoints_of_two_chains_are_refused(devnet, gates):
    other = gates()
    for difference in ({"eth_chainId": "0x1"}, {}):
        other.instead, other.change = difference, begin_otherwise
        with pytest.raises(ChainError, match="name endpoints of one chain") as caught:
            connect(f"{devnet.url},{other.url}")
        assert devnet.url in str(caught.value)
        assert other.url in str(caught.value)


def test_one_that_is_behind_does_not_answer_for_one_that_was_ahead(gates, movable):
    ahead, behind = gates(), gates()
    for _ in range(3):
        movable.mine()
    chain, _ = over(ahead, behind)
    assert chain.height() == 3
    behind.height(lambda height: height - 1)
    ahead.status = 500
    with pytest.raises(UnreachableError, match=r"is behind \(block 2, 3 is known\)"):
        chain.logs([], 0, 3)
    behind.change = None  # it has caught up
    assert chain.logs([], 0, 3) == []


@pytest.mark.parametrize("lie", [lambda height: height - 5, lambda height: height + 10**9])
def test_one_of_three_whose_height_is_not_that_of_the_others_is_left_out(gates, movable, lie):
    for _ in range(6):
        movable.mine()
    odd, *others = gates(), gates(), gates()
    odd.height(lie)
    chain, _ = over(odd, *others)
    assert chain.height() == 6
    assert not odd.asked["eth_getBlockByNumber"]


def swap(method, params, answer):
    """Give blocks that nobody else has."""
    if method == "eth_getBlockByNumber" and params[0] != "0x0":
        answer["result"]["hash"] = "0x" + "77" * 32
    return answer


def test_one_of_three_with_other_blocks_is_left_out(gates, movable):
    for _ in range(20):
        movable.mine()
    odd, *others = gates(), gates(), gates()
    odd.change = swap
    chain, _ = over(odd, *others)
    assert chain.block_hash(20) == movable.block_hash(20)


def test_two_with_different_blocks_are_not_believed_until_they_agree(gates, movable):
    for _ in range(20):
        movable.mine()
    odd, good = gates(), gates()
    chain, _ = over(odd, good)
    odd.change = swap
    for _ in range(2):
        with pytest.raises(ChainError, match="have different blocks at height 8") as caught:
            chain.height()
        assert odd.url in str(caught.value)
        assert good.url in str(caught.value)
    odd.change = None
    assert chain.height() == 20


def test_a_transaction_is_handed_to_all_so_that_one_that_swallows_it_does_no_harm(gates, movable):
    thief, honest, dead = gates(), gates(), gates()
    chain, _ = over(thief, honest, dead)
    thief.instead["eth_sendRawTransaction"] = "0x" + "00" * 32
    dead.status = 500
    sender = Sender(chain, Wallet(RICH))
    chain.height()
    dead.asked.clear()
    for _ in range(2):
        sent = sender.send(sender.address, gas=21_000)
        movable.mine()
        assert chain.receipt(sent).ok
    assert honest.asked["eth_sendRawTransaction"] == 2
    assert not dead.asked  # it rests since the comparison


def test_a_transaction_that_is_there_already_is_taken(gates, movable):
    first, second = gates(), gates()
    chain, _ = over(first, second)
    wallet = Wallet(RICH)
    raw = wallet.sign(
        {
            "chainId": chain.chain_id,
            "nonce": 0,
            "to": wallet.address,
            "value": 1,
            "gas": 21_000,
            **chain.fees(),
        }
    )
    assert chain.submit(raw) == chain.submit(raw)
    movable.mine()
    assert chain.submit(raw)
    assert chain.nonce(wallet.address) == 1


def test_a_revert_is_an_answer_and_nobody_else_is_asked(gates, movable, compiled):
    purse = deployed(movable, compiled)
    first, second = gates(), gates()
    chain, _ = over(first, second)
    chain.height()
    second.asked.clear()
    for _ in range(2):
        with pytest.raises(Reverted, match="not enough"):
            chain.call(purse.address, purse.data("strict(uint256)", 10))
    assert not second.asked
