"""The newest block is asked for now and then; between two polls everything is read as of one block."""

from conftest import Purse, deployed
from derelay.chain.endpoint import Endpoint
from derelay.chain.endpoints import Endpoints
from derelay.chain.rpc import RpcChain
from derelay.chain.sender import Sender


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def seen(purse: Purse, chain: RpcChain) -> tuple[int, ...]:
    """Everything that a new block of this test changes."""
    reader = Purse(chain, purse.sender, purse.address)
    balance = chain.balance(purse.address)
    return chain.height(), chain.timestamp(), reader.read("least()"), balance, len(chain.code(purse.address))


def test_everything_is_as_of_one_block_until_the_next_poll(movable, compiled, gates):
    purse, gate, clock = deployed(movable, compiled), gates(), Clock()
    chain = RpcChain(Endpoints([Endpoint(gate.url)]), poll=5, clock=clock)
    before = seen(purse, chain)
    gate.asked.clear()
    purse.send("raise_least()")
    purse.send("put()", value=100)
    movable.mine()
    clock.now = 4.9
    assert seen(purse, chain) == before
    assert chain.block_hash(before[0]) == movable.block_hash(before[0])
    assert not gate.asked["eth_getBlockByNumber"]
    clock.now = 5
    assert seen(purse, chain) == seen(purse, movable)
    assert seen(purse, chain)[2:4] == (11, 100)
    assert gate.asked["eth_getBlockByNumber"] == 1


def test_what_one_sent_and_saw_mined_is_seen_at_once(movable, compiled, gates):
    purse, gate = deployed(movable, compiled), gates()
    chain = RpcChain(Endpoints([Endpoint(gate.url)]), poll=1e9, clock=Clock())
    first = chain.height()
    sent = Sender(chain, purse.sender.wallet).send(purse.address, purse.data("put()"), value=50, gas=200_000)
    assert chain.height() == first  # asked for anew, but not mined
    movable.mine()
    assert chain.height() == first
    assert chain.receipt(sent).block == first + 1
    assert chain.height() == first + 1
    assert chain.balance(purse.address) == 50


def test_a_chain_that_mines_at_once_shows_what_was_sent(movable, compiled):
    purse = deployed(movable, compiled)
    chain = RpcChain(Endpoints([Endpoint(movable.url)]), poll=1e9, clock=Clock())
    first = chain.height()
    movable.ask("evm_setAutomine", True)
    Sender(chain, purse.sender.wallet).send(purse.address, purse.data("put()"), value=50, gas=200_000)
    while movable.height() == first:
        movable.ask("eth_chainId")
    assert chain.height() == first + 1
