"""A chain that replaces blocks: what was read from them is forgotten, what they hold now is read."""

import random

import pytest
from relays import create

from derelay.chain.endpoint import Endpoint
from derelay.chain.endpoints import Endpoints
from derelay.chain.history import History
from derelay.chain.relay import Relay
from derelay.chain.rpc import RpcChain
from derelay.chain.sender import Sender
from derelay.chain.survey import REORG_DEPTH
from derelay.chain.wallet import Wallet
from devnets import RICH, MovableChain

KEY = b"k" * 32
GAS = 400_000


@pytest.fixture
def relay(movable) -> Relay:
    movable.mine()
    return Relay(movable, create(Sender(movable, Wallet(RICH))))


class Mover:
    """A participant that says where it is, in a transaction each time."""

    def __init__(self, relay: Relay) -> None:
        self.relay = relay
        self.wallet = Wallet(RICH)
        self.call("register", KEY, "at 0", value=relay.bond)

    def call(self, function: str, *arguments: object, value: int = 0) -> bytes:
        registry = self.relay.registry
        data = registry.encode(function, *arguments)
        sender = Sender(self.relay.chain, self.wallet)
        sent = sender.send(registry.address, data, value=value, gas=GAS)
        self.relay.chain.mine()
        return sent

    @property
    def url(self) -> str:
        return self.relay.member(self.wallet.address).url


def told(history: History) -> list[tuple[str, int, object]]:
    history.update()
    return [(event.name, event.block, event.values.get("url")) for event in history.events]


def fresh(relay: Relay) -> History:
    return Relay(relay.chain, relay.rounds.address).history


def test_a_transaction_that_is_taken_back_is_forgotten(relay):
    mover, chain = Mover(relay), relay.chain
    kept = told(relay.history)
    sent = mover.call("move", "at 1")
    assert mover.url == "at 1"
    assert told(relay.history)[-1][2] == "at 1"
    chain.ask("anvil_reorg", 1, [])
    assert mover.url == "at 0"
    assert told(relay.history) == kept
    assert chain.receipt(sent) is None
    mover.call("move", "at 2")
    assert mover.url == "at 2"


def test_a_view_is_read_anew_when_its_block_is_replaced_at_the_same_height(relay):
    relay.chain.mine()
    before = relay.view()
    assert relay.view() is before
    relay.chain.ask("anvil_reorg", 1, [])
    after = relay.view()
    assert after is not before
    assert after.height == before.height


def test_a_chain_that_got_shorter_is_read_to_its_new_end(relay):
    mover, chain = Mover(relay), relay.chain
    place = chain.ask("evm_snapshot")
    for number in range(3):
        mover.call("move", f"at {number}")
    assert mover.url == "at 2"
    chain.ask("evm_revert", place)
    assert mover.url == "at 0"
    assert told(relay.history) == told(fresh(relay))


def test_any_history_of_replaced_blocks_reads_as_if_it_were_read_at_once(relay):
    mover, chain, dice = Mover(relay), relay.chain, random.Random(11)
    base = chain.height()
    for step in range(50):
        deepest = min(chain.height() - base, REORG_DEPTH)
        if deepest == 0 or dice.random() < 0.7:
            mover.call("move", f"at {step}")
        else:
            chain.ask("anvil_reorg", dice.randint(1, deepest), [])
        if dice.random() < 0.5:  # a node does not look at every block
            now = Relay(chain, relay.rounds.address)
            assert told(relay.history) == told(now.history)
            assert mover.url == now.member(mover.wallet.address).url
    assert relay.history.rewinds > 5


def test_blocks_deeper_than_expected_are_read_anew_too(relay):
    mover, chain = Mover(relay), relay.chain
    for number in range(REORG_DEPTH + 5):
        mover.call("move", f"at {number}")
        relay.history.update()
    chain.ask("anvil_reorg", REORG_DEPTH + 3, [])
    assert told(relay.history) == told(fresh(relay))
    assert mover.url == "at 1"


def test_only_blocks_that_may_change_are_read_again(relay):
    chain: MovableChain = relay.chain
    Mover(relay)
    relay.history.update()
    asked = []
    kept = chain.logs
    chain.logs = lambda addresses, first, last: asked.append((first, last)) or kept(addresses, first, last)
    for _ in range(30):
        chain.mine()
        relay.history.update()
        relay.history.update()
    height = chain.height()
    assert asked[-12:] == [(number - REORG_DEPTH, number) for number in range(height - 11, height + 1)]
    assert len(asked) == 30


def test_events_that_a_node_gave_too_late_are_not_missed(relay, gates):
    """As where several nodes share one address, and one that is behind answers for what it does not have."""
    mover, chain = Mover(relay), relay.chain
    gate = gates()
    later = Relay(RpcChain(Endpoints([Endpoint(gate.url)]), poll=0), relay.rounds.address)
    later.history.update()
    mover.call("move", "at 1")
    gate.instead["eth_getLogs"] = []
    assert "at 1" not in [url for _, _, url in told(later.history)]
    del gate.instead["eth_getLogs"]
    chain.mine()
    assert told(later.history) == told(relay.history)
    assert later.member(mover.wallet.address).url == "at 1"


def test_lists_that_stand_are_asked_for_again_when_blocks_were_replaced(relay):
    Mover(relay)
    relay.view()
    asked = []
    kept = relay.rounds.read_now
    relay.rounds.read_now = lambda function, *args: asked.append(function) or kept(function, *args)
    relay.chain.mine()
    relay.view()
    assert "entries_of" not in asked
    relay.chain.ask("anvil_reorg", 1, [])
    relay.view()
    assert {"entries_of", "children_of", "deck_of"} <= set(asked)
