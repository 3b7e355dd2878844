"""What the creator could do at the addresses of a relay's contracts before they are there comes to nothing.

A contract that is created and destroyed in one transaction leaves its address free for another. So a
creator could let a puppet at the address of the rounds, or of the accounts, mint coins for itself, and
only then create the relay, whose code everybody would find to be ours.
"""

from pathlib import Path
from typing import Any

import pytest
import rlp
from eth_abi import encode
from eth_utils import keccak, to_canonical_address, to_checksum_address
from eth_utils.abi import function_signature_to_4byte_selector, get_abi_input_types
from relays import GENESIS, creator
from vyper.cli.vyper_compile import compile_files

from derelay.chain.chain import Receipt
from derelay.chain.contract import Contract
from derelay.chain.origin import FROM_SCRATCH
from derelay.chain.relay import Relay
from derelay.chain.sender import contract_address
from derelay.contracts import artifact
from derelay.rules.parameters import OPEN

HERE = Path(__file__).parent / "before"
# what is warned of is what is tested
pytestmark = pytest.mark.filterwarnings("ignore:SELFDESTRUCT opcode present:DeprecationWarning")


def code(name: str) -> bytes:
    (output,) = compile_files([HERE / f"{name}.vy"], ["bytecode"], warnings_control="none").values()
    return bytes.fromhex(output["bytecode"].removeprefix("0x"))


def call(signature: str, *values: Any) -> bytes:
    types = signature[signature.index("(") + 1 : -1]
    return function_signature_to_4byte_selector(signature) + encode(types.split(",") if types else [], values)


class Schemer:
    """A creator with a factory, through which one of the contracts gets its address."""

    def __init__(self) -> None:
        self.sender = creator()
        self.chain = self.sender.chain
        self.codes = code("maker"), code("puppet")
        factory = self.send(None, code("factory")).contract
        assert factory is not None
        self.factory = factory
        maker = keccak(b"\xff" + to_canonical_address(factory) + bytes(32) + keccak(self.codes[0]))[12:]
        self.maker = to_checksum_address(maker)
        self.puppet = to_checksum_address(keccak(rlp.encode([maker, 1]))[12:])

    def send(self, to: Any, data: bytes) -> Receipt:
        sent = self.sender.send(to, data, gas=9_000_000)
        self.chain.mine()
        receipt = self.sender.outcome(sent)
        assert receipt is not None
        return receipt

    def act_before(self, to: str, *calls: bytes) -> Receipt:
        return self.send(
            self.factory, call("act_before(bytes,bytes,address,bytes[])", *self.codes, to, calls)
        )

    def create(self, name: str, *args: Any) -> Receipt:
        return self.send(None, _creation(name, *args))

    def create_at_puppet(self, name: str, *args: Any) -> Receipt:
        assert self.send(self.factory, call("maker(bytes)", self.codes[0])).ok
        return self.send(self.maker, call("make(bytes)", _creation(name, *args)))

    def next_addresses(self, count: int) -> list[Any]:
        return [contract_address(self.sender.address, self.sender.nonce + i) for i in range(count)]


def _creation(name: str, *args: Any) -> bytes:
    constructor: Any = next(entry for entry in artifact(name).abi if entry["type"] == "constructor")
    return artifact(name).bytecode + encode(get_abi_input_types(constructor), args)


@pytest.mark.parametrize("attempt", ["nothing", "reward", "pause", "found"])
def test_a_puppet_in_the_place_of_the_rounds_gains_nothing(attempt):
    me = Schemer()
    coin, accounts, registry = me.next_addresses(3)
    assert me.create("coin", "Coin", "C", accounts).ok
    assert me.create("accounts", me.puppet, coin, 9 * 10**17).ok
    assert me.create("registry", me.puppet, 1, 2, 3600, []).ok
    books = Contract(me.chain, accounts, "accounts")
    calls = {
        "reward": [books.encode("reward", me.sender.address, 10**24, 10**30)],
        "pause": [books.encode("pause", me.sender.address)],
        "found": [
            books.encode("found", me.sender.address, 10**30),
            books.encode("reward", me.sender.address, 10**24, 0),
        ],
    }
    if attempt != "nothing":
        acted = me.act_before(accounts, *calls[attempt])
        assert acted.ok == (attempt == "found"), acted.reason
    assert not me.chain.code(me.puppet)
    settings = (registry, accounts, OPEN.as_tuple(), "task", bytes(32), GENESIS, FROM_SCRATCH)
    created = me.create_at_puppet("rounds", *settings)
    if attempt == "found":
        assert created.reason == "accounts: founded already"
        assert not me.chain.code(me.puppet)
        return
    assert created.ok
    relay = Relay(me.chain, me.puppet)
    assert relay.coin.read("totalSupply") == 0
    assert relay.accounts.read("total") == 10**17


def test_a_puppet_in_the_place_of_the_accounts_can_mint_but_no_relay_takes_the_coin():
    me = Schemer()
    (coin,) = me.next_addresses(1)
    assert me.create("coin", "Coin", "C", me.puppet).ok
    assert me.act_before(coin, Contract(me.chain, coin, "coin").encode("mint", me.sender.address, 10**24)).ok
    created = me.create_at_puppet("accounts", me.sender.address, coin, 9 * 10**17)
    assert created.reason == "accounts: coins from before"
