"""A chain behind JSON-RPC: any node, asked by the standard ``eth_`` methods alone."""

# ruff: noqa: D102 (what the seam promises is written at the seam)

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak
from web3 import Web3
from web3.providers.base import JSONBaseProvider

from derelay.chain.chain import Chain, ChainError, Log, Receipt
from derelay.chain.endpoints import Endpoints
from derelay.chain.rpc_errors import RefusedError
from derelay.chain.rpc_logs import LogReader, log_of

POLL = 0.5
"""Seconds for which the newest block is not asked for again."""
REORG_DEPTH = 12
"""Blocks that a chain may replace without a node of ours taking harm."""


@dataclass(frozen=True)
class _Block:
    number: int
    hash: bytes
    timestamp: int
    base_fee: int | None


class RpcChain(Chain):
    """A chain reached through JSON-RPC.

    All that is read between two polls is read as of one block. Not to be used from several threads at once.

    Parameters
    ----------
    endpoints : Endpoints
        Of one chain.
    poll : float
        Seconds for which the newest block stands before it is asked for again; a transaction sent from here
        ends them.
    reorg_depth : int
        Blocks that the chain may replace.
    clock
        Seconds that only rise.
    """

    def __init__(
        self,
        endpoints: Endpoints,
        poll: float = POLL,
        reorg_depth: int = REORG_DEPTH,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.reorg_depth = reorg_depth
        self._endpoints = endpoints
        self._logs = LogReader(endpoints)
        self._poll = poll
        self._clock = clock
        self._newest: tuple[float, _Block] | None = None

    @cached_property
    def w3(self) -> Web3:
        return Web3(_Provider(self._endpoints))

    @property
    def chain_id(self) -> int:
        return self._endpoints.chain_id

    def height(self) -> int:
        return self._head().number

    def timestamp(self) -> int:
        return self._head().timestamp

    def block_hash(self, height: int) -> bytes:
        head = self._head()
        if height == head.number:
            return head.hash
        if not 0 <= height < head.number:
            raise ChainError(f"block {height}: not made yet; the newest is {head.number}")
        return self._block(hex(height)).hash

    def balance(self, address: ChecksumAddress) -> int:
        return int(self._at_head("eth_getBalance", address), 16)

    def code(self, address: ChecksumAddress) -> bytes:
        return _bytes(self._at_head("eth_getCode", address))

    def nonce(self, address: ChecksumAddress) -> int:
        return int(self._endpoints.ask("eth_getTransactionCount", address, "pending"), 16)

    def fees(self) -> dict[str, int]:
        """Return the fee fields of a transaction sent now.

        EIP-1559: the node's tip, above twice the base fee, which six full blocks in a row do not exceed.
        """
        base = self._head().base_fee
        if base is None:
            return {"gasPrice": int(self._endpoints.ask("eth_gasPrice"), 16)}
        try:
            tip = int(self._endpoints.ask("eth_maxPriorityFeePerGas"), 16)
        except RefusedError as error:
            if not error.is_unknown_method:
                raise
            tip = max(int(self._endpoints.ask("eth_gasPrice"), 16) - base, 0)
        return {"maxFeePerGas": 2 * base + tip, "maxPriorityFeePerGas": tip}

    def call(self, to: ChecksumAddress, data: bytes) -> bytes:
        return self._run({"to": to, "data": _hex(data)}, self.height())

    def logs(self, addresses: Collection[ChecksumAddress], from_block: int, to_block: int) -> list[Log]:
        return self._logs.read(addresses, max(from_block, 0), min(to_block, self.height()))

    def submit(self, raw: bytes) -> bytes:
        transaction = keccak(raw)
        self._newest = None
        try:
            for _ in self._endpoints.answers("eth_sendRawTransaction", _hex(raw)):
                pass  # handed to all: one that swallows it does no harm
        except RefusedError as error:
            # a refusal says nothing if it is there: "already known", or a failure told in advance (Hardhat)
            if self._endpoints.ask("eth_getTransactionByHash", _hex(transaction)) is None:
                raise ChainError(f"transaction {_hex(transaction)[:12]}: {error}") from error
        return transaction

    def receipt(self, transaction: bytes) -> Receipt | None:
        found = self._endpoints.ask("eth_getTransactionReceipt", _hex(transaction))
        if found is None:
            return None
        ok = int(found["status"], 16) == 1
        block = int(found["blockNumber"], 16)
        if self._newest is not None and block > self._newest[1].number:
            self._newest = None
        return Receipt(
            transaction=transaction,
            block=block,
            ok=ok,
            reason="" if ok else self._reason(transaction, block, int(found["gasUsed"], 16)),
            gas_used=int(found["gasUsed"], 16),
            price=int(found["effectiveGasPrice"], 16),
            logs=tuple(log_of(entry) for entry in found["logs"]),
            contract=to_checksum_address(found["contractAddress"]) if found.get("contractAddress") else None,
        )

    # --- inside ---

    def _head(self) -> _Block:
        now = self._clock()
        if self._newest is None or now - self._newest[0] >= self._poll:
            block = self._block("latest")
            self._endpoints.saw(block.number)
            self._newest = now, block
        return self._newest[1]

    def _block(self, which: str) -> _Block:
        found = self._endpoints.ask("eth_getBlockByNumber", which, False)
        if found is None:
            raise ChainError(f"block {which}: the node does not have it; try again")
        base = found.get("baseFeePerGas")
        return _Block(
            number=int(found["number"], 16),
            hash=_bytes(found["hash"]),
            timestamp=int(found["timestamp"], 16),
            base_fee=None if base is None else int(base, 16),
        )

    def _at_head(self, method: str, *params: Any) -> Any:
        return self._endpoints.ask(method, *params, hex(self.height()))

    def _run(self, call: dict[str, Any], height: int) -> bytes:
        try:
            return _bytes(self._endpoints.ask("eth_call", call, hex(height)))
        except RefusedError as error:
            raise error.reverted() or error from error

    def _reason(self, transaction: bytes, block: int, gas_used: int) -> str:
        """Run a failed transaction again, before its block and after it: receipts do not say why."""
        sent = self._endpoints.ask("eth_getTransactionByHash", _hex(transaction))
        if sent is None or int(sent["gas"], 16) == gas_used:
            return "out of gas" if sent is not None else ""
        call = {
            "from": sent["from"],
            "to": sent["to"],
            "data": sent["input"],
            "gas": sent["gas"],
            "value": sent["value"],
        }
        for height in (block - 1, block):
            try:
                self._run(call, height)
            except ChainError as error:
                return getattr(error, "reason", "")
        return ""


class _Provider(JSONBaseProvider):
    """What web3 asks through."""

    def __init__(self, endpoints: Endpoints) -> None:
        super().__init__()
        self._endpoints = endpoints

    def make_request(self, method: Any, params: Any) -> Any:
        """Ask; errors of nodes are raised as ours."""
        return {"jsonrpc": "2.0", "id": 0, "result": self._endpoints.ask(method, *params)}


def _hex(data: bytes) -> str:
    return "0x" + data.hex()


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text[2:])
