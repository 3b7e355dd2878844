from dataclasses import dataclass
from typing import Any

import eth_abi
import pytest
from eth_utils import function_signature_to_4byte_selector
from vyper import compile_code

from derelay.chain.embedded import EmbeddedChain
from derelay.chain.sender import Sender, deploy
from derelay.chain.wallet import Wallet
from devnets import MovableChain, devnet, movable  # noqa: F401 (fixtures)
from gate import gates  # noqa: F401 (a fixture)

ETHER = 10**18

SOURCE = """
# @version 0.4.3

event Put:
    who: indexed(address)
    amount: uint256

least: public(uint256)
held: public(HashMap[address, uint256])

@deploy
def __init__(least: uint256):
    self.least = least

@external
@payable
def put():
    assert msg.value >= self.least, "too little"
    self.held[msg.sender] += msg.value
    log Put(who=msg.sender, amount=msg.value)

@external
def mute():
    raise

@external
def burn():
    for i: uint256 in range(100000):
        self.least += i

@external
def waste():
    raise UNREACHABLE

@external
def raise_least() -> uint256:
    self.least += 1
    return self.least

@external
@view
def world() -> (uint256, uint256, bytes32):
    return block.number, block.timestamp, block.prevrandao

@external
@view
def strict(amount: uint256) -> uint256:
    assert amount > self.least, "not enough"
    return amount
"""


def funded(chain: EmbeddedChain | MovableChain, number: int) -> Sender:
    sender = Sender(chain, Wallet(number.to_bytes(32)))
    chain.fund(sender.address, 10 * ETHER)
    chain.mine()
    return sender


@dataclass
class Purse:
    """The test contract, deployed on a fresh chain by a funded sender."""

    chain: EmbeddedChain | MovableChain
    sender: Sender
    address: Any

    def funded(self, number: int) -> Sender:
        return funded(self.chain, number)

    def data(self, signature: str, *values: Any) -> bytes:
        kind = signature[signature.index("(") + 1 : -1]
        arguments = eth_abi.encode([kind] if kind else [], values)
        return function_signature_to_4byte_selector(signature) + arguments

    def send(self, signature: str, value: int = 0, gas: int = 200_000, sender: Sender | None = None) -> bytes:
        return (sender or self.sender).send(self.address, self.data(signature), value=value, gas=gas)

    def read(self, signature: str, *values: Any, returns: str = "uint256") -> Any:
        answer = self.chain.call(self.address, self.data(signature, *values))
        decoded = eth_abi.decode(returns.split(","), answer)
        return decoded[0] if len(decoded) == 1 else decoded


@pytest.fixture(scope="session")
def compiled() -> dict[str, Any]:
    return compile_code(SOURCE, output_formats=["abi", "bytecode"])


def deployed(chain: EmbeddedChain | MovableChain, compiled: dict[str, Any]) -> Purse:
    sender = funded(chain, 1001)
    code = bytes.fromhex(compiled["bytecode"][2:])
    address, transaction = deploy(sender, compiled["abi"], code, [10], gas=2_000_000)
    chain.mine()
    receipt = sender.outcome(transaction)
    assert receipt.ok
    assert receipt.contract == address
    return Purse(chain, sender, address)


@pytest.fixture
def make_purse(compiled):
    def make(seed: int = 7) -> Purse:
        return deployed(EmbeddedChain(seed), compiled)

    return make


@pytest.fixture
def purse(make_purse) -> Purse:
    return make_purse()
