"""The same machine made of real transactions (py-evm), each in a block of its own: what gas costs."""

from __future__ import annotations

from dataclasses import dataclass

from eth_typing import ChecksumAddress
from eth_utils import to_canonical_address

from derelay.chain.chain import Log, Receipt, Reverted
from derelay.chain.embedded import EmbeddedChain
from derelay.chain.sender import Sender
from derelay.chain.wallet import Wallet
from harness.machine import ETHER, Machine

GAS = 10_000_000
"""Limit of every call: no transaction need exceed it."""


@dataclass(frozen=True)
class Mined:
    """A transaction that went through: what it used of gas, and logged."""

    gas: int
    logs: tuple[Log, ...]


class Transactions(Machine):
    """A machine whose calls are transactions: `gas` is what a participant pays for."""

    def __init__(self) -> None:
        self._chain = EmbeddedChain(seed=1)
        self._senders: dict[ChecksumAddress, Sender] = {}
        self.chain_id = self._chain.chain_id

    def account(self, wealth: int = 1000 * ETHER) -> ChecksumAddress:
        wallet = Wallet((len(self._senders) + 1000).to_bytes(32, "big"))
        self._senders[wallet.address] = Sender(self._chain, wallet)
        self._chain.fund(wallet.address, wealth)
        self._chain.mine()
        return wallet.address

    def deploy(self, sender: ChecksumAddress, code: bytes) -> ChecksumAddress:
        receipt = self._mined(sender, None, code, 0)
        assert receipt.contract is not None
        return receipt.contract

    def nonce(self, who: ChecksumAddress) -> int:
        return self._chain.nonce(who)

    def code(self, at: ChecksumAddress) -> bytes:
        return bytes(self._chain.w3.eth.get_code(to_canonical_address(at)))  # type: ignore[arg-type]

    def balance(self, who: ChecksumAddress) -> int:
        return self._chain.balance(who)

    def call(self, to: ChecksumAddress, data: bytes) -> bytes:
        return self._chain.call(to, data)

    def send(self, sender: ChecksumAddress, to: ChecksumAddress, data: bytes, value: int = 0) -> Mined:
        receipt = self._mined(sender, to, data, value)
        return Mined(receipt.gas_used, receipt.logs)

    def height(self) -> int:
        return self._chain.height()

    def timestamp(self) -> int:
        return self._chain.timestamp()

    def block_hash(self, height: int) -> bytes:
        return self._chain.block_hash(height)

    def advance(self, seconds: int = 12, blocks: int = 1) -> None:
        self._chain.advance(seconds, blocks)

    def _mined(self, sender: ChecksumAddress, to: ChecksumAddress | None, data: bytes, value: int) -> Receipt:
        sent = self._senders[sender].send(to, data, value=value, gas=GAS)
        self._chain.mine()
        receipt = self._chain.receipt(sent)
        assert receipt is not None
        if not receipt.ok:
            raise Reverted(receipt.reason)
        return receipt
