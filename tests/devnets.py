"""A real chain behind JSON-RPC for tests, that moves when told to, as the embedded one does."""

import os
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import pytest
from eth_typing import ChecksumAddress

from derelay.chain.endpoint import Endpoint
from derelay.chain.endpoints import Endpoints
from derelay.chain.rpc import RpcChain
from derelay.chain.rpc_format import anything
from derelay.chain.sender import Sender
from derelay.chain.wallet import Wallet
from derelay.local.devnet import Devnet

RICH = bytes.fromhex("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80")
"""Key of the first account of every local chain, anvil's as Hardhat's."""
OTHER_NODE = os.environ.get("DERELAY_TEST_NODE")
"""URL of a node to use instead of anvil (tools/hardhat)."""


class MovableChain(RpcChain):
    """Anvil's chain or Hardhat's, with blocks on demand."""

    def __init__(self, url: str) -> None:
        super().__init__(Endpoints([Endpoint(url)]), poll=3600)
        self.url = url
        self.ask("evm_setAutomine", False)

    def ask(self, method: str, *params: Any) -> Any:
        """Ask for something that is not standard: all that can change the newest block."""
        self._newest = None
        return self._endpoints.ask(anything, method, *params)

    def mine(self) -> None:
        self.ask("evm_mine")

    def advance(self, seconds: int, blocks: int = 1) -> None:
        start = self.timestamp()
        for block in range(1, blocks + 1):
            self.ask("evm_setNextBlockTimestamp", start + seconds * block // blocks)
            self.mine()

    def fund(self, address: ChecksumAddress, wei: int) -> None:
        self._rich.send(address, value=wei, gas=21_000)

    @cached_property
    def _rich(self) -> Sender:
        return Sender(self, Wallet(RICH))


@pytest.fixture
def devnet() -> Iterator[Devnet]:
    """Anvil: a block with each transaction, and none without."""
    with Devnet() as running:
        yield running


@pytest.fixture
def movable(request: pytest.FixtureRequest) -> Iterator[MovableChain]:
    """A chain of anvil's; of another node where one is named, which is left as it was."""
    if OTHER_NODE is None:
        yield MovableChain(request.getfixturevalue("devnet").url)
        return
    chain = MovableChain(OTHER_NODE)
    before = chain.ask("evm_snapshot")
    yield chain
    chain.ask("evm_revert", before)
