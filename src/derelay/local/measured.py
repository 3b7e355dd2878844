"""An embedded chain that tells how long it took and what it did."""

# ruff: noqa: D102 (what the seam promises is written at the seam)

from __future__ import annotations

from collections.abc import Collection

from eth_account.typed_transactions.typed_transaction import TypedTransaction
from eth_typing import ChecksumAddress
from hexbytes import HexBytes

from derelay.chain.chain import Log
from derelay.chain.contract import function_of
from derelay.chain.embedded import EmbeddedChain
from derelay.node.stopwatch import Stopwatch


class MeasuredChain(EmbeddedChain):
    """Counts the seconds spent in the chain, and keeps what was called in which transaction."""

    def __init__(self, seed: int, stopwatch: Stopwatch) -> None:
        self._stopwatch = stopwatch
        self.transactions: list[tuple[str, bytes]] = []
        super().__init__(seed)

    def mine(self) -> None:
        with self._stopwatch.measure("chain"):
            super().mine()

    def advance(self, seconds: int, blocks: int = 1) -> None:
        with self._stopwatch.measure("chain"):
            super().advance(seconds, blocks)

    def call(self, to: ChecksumAddress, data: bytes) -> bytes:
        with self._stopwatch.measure("chain"):
            return super().call(to, data)

    def logs(self, addresses: Collection[ChecksumAddress], from_block: int, to_block: int) -> list[Log]:
        with self._stopwatch.measure("chain"):
            return super().logs(addresses, from_block, to_block)

    def submit(self, raw: bytes) -> bytes:
        with self._stopwatch.measure("chain"):
            transaction = super().submit(raw)
        self.transactions.append((_function(raw), transaction))
        return transaction


def _function(raw: bytes) -> str:
    """Return what a signed transaction does: the function it calls, "create" or "transfer"."""
    fields = TypedTransaction.from_bytes(HexBytes(raw)).as_dict()
    data = bytes(fields["data"])
    if not fields["to"]:
        return "create"
    return function_of(data) or "transfer"
