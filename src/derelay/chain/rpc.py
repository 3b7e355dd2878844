"""A chain behind JSON-RPC: any node, asked by the standard ``eth_`` methods alone."""

# ruff: noqa: D102 (what the seam promises is written at the seam)

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from functools import cached_property
from typing import Any, TypeVar

from eth_typing import ChecksumAddress
from eth_utils.crypto import keccak
from web3 import Web3
from web3.providers.base import JSONBaseProvider

from derelay.chain import rpc_format
from derelay.chain.chain import Chain, ChainError, Log, Receipt, Reverted
from derelay.chain.endpoints import Endpoints
from derelay.chain.rpc_errors import RefusedError, UnreachableError
from derelay.chain.rpc_format import Block, Mined, Sent, amount, anything, quantity, to_data
from derelay.chain.rpc_logs import LogReader
from derelay.chain.survey import REORG_DEPTH as REORG_DEPTH

T = TypeVar("T")

POLL = 0.2
"""Seconds for which the newest block is not asked for again."""


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
        self._newest: tuple[float, Block] | None = None

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
        block = self._endpoints.ask(rpc_format.block, "eth_getBlockByNumber", hex(height), False)
        if block.number != height:
            raise UnreachableError(
                f"chain: asked for block {height}, told of {block.number}: name another endpoint"
            )
        return block.hash

    def balance(self, address: ChecksumAddress) -> int:
        return self._at_head(amount, "eth_getBalance", address)

    def code(self, address: ChecksumAddress) -> bytes:
        return self._at_head(rpc_format.data, "eth_getCode", address)

    def nonce(self, address: ChecksumAddress) -> int:
        return self._endpoints.ask(quantity, "eth_getTransactionCount", address, "pending")

    def fees(self) -> dict[str, int]:
        """Return the fee fields of a transaction sent now.

        EIP-1559: the node's tip, above twice the base fee, which it exceeds after six full blocks at the
        earliest.
        """
        base = self._head().base_fee
        if base is None:
            return {"gasPrice": self._endpoints.ask(amount, "eth_gasPrice")}
        try:
            tip = self._endpoints.ask(amount, "eth_maxPriorityFeePerGas")
        except RefusedError as error:
            if not error.is_unknown_method:
                raise
            tip = max(self._endpoints.ask(amount, "eth_gasPrice") - base, 0)
        return {"maxFeePerGas": 2 * base + tip, "maxPriorityFeePerGas": tip}

    def call(self, to: ChecksumAddress, data: bytes) -> bytes:
        return self._run({"to": to, "data": to_data(data)}, self.height())

    def logs(self, addresses: Collection[ChecksumAddress], from_block: int, to_block: int) -> list[Log]:
        return self._logs.read(addresses, max(from_block, 0), min(to_block, self.height()))

    def submit(self, raw: bytes) -> bytes:
        transaction = keccak(raw)
        self._newest = None
        try:
            self._endpoints.tell("eth_sendRawTransaction", to_data(raw))
        except RefusedError as error:
            # no refusal if it is there: "already known", or one that fails, which Hardhat says in advance
            if self._sent(transaction) is None:
                raise ChainError(f"transaction {to_data(transaction)[:12]}: {error}") from error
        return transaction

    def receipt(self, transaction: bytes) -> Receipt | None:
        mined = self._endpoints.ask(rpc_format.mined, "eth_getTransactionReceipt", to_data(transaction))
        if mined is None:
            return None
        if self._newest is not None and mined.block > self._newest[1].number:
            self._newest = None
        sent = None if mined.ok and mined.price is not None else self._sent(transaction)
        price = mined.price if mined.price is not None else sent.price if sent is not None else 0
        return Receipt(
            transaction=transaction,
            block=mined.block,
            ok=mined.ok,
            reason="" if mined.ok or sent is None else self._reason(sent, mined),
            gas_used=mined.gas_used,
            price=price,
            logs=mined.logs,
            contract=mined.contract,
        )

    def knows(self, transaction: bytes) -> bool:
        return self._sent(transaction) is not None

    # --- inside ---

    def _head(self) -> Block:
        now = self._clock()
        if self._newest is None or now - self._newest[0] >= self._poll:
            block = self._endpoints.ask(rpc_format.block, "eth_getBlockByNumber", "latest", False)
            self._endpoints.saw(block.number)
            self._newest = now, block
        return self._newest[1]

    def _at_head(self, read: Callable[[Any], T], method: str, *params: Any) -> T:
        return self._endpoints.ask(read, method, *params, hex(self.height()))

    def _sent(self, transaction: bytes) -> Sent | None:
        return self._endpoints.ask(rpc_format.sent, "eth_getTransactionByHash", to_data(transaction))

    def _run(self, call: dict[str, Any], height: int) -> bytes:
        try:
            return self._endpoints.ask(rpc_format.data, "eth_call", call, hex(height))
        except RefusedError as error:
            raise error.reverted() or error from error

    def _reason(self, sent: Sent, mined: Mined) -> str:
        """Run a failed transaction again, before its block and after it: receipts do not say why."""
        if mined.gas_used == sent.gas:
            return "out of gas"
        for height in (mined.block - 1, mined.block):
            try:
                self._run(sent.call, height)
            except Reverted as error:
                return error.reason
            except RefusedError:
                continue  # the state of that block is no longer kept
        return ""


class _Provider(JSONBaseProvider):
    """What web3 asks through."""

    def __init__(self, endpoints: Endpoints) -> None:
        super().__init__()
        self._endpoints = endpoints

    def make_request(self, method: Any, params: Any) -> Any:
        """Ask; errors of nodes are raised as ours."""
        return {"jsonrpc": "2.0", "id": 0, "result": self._endpoints.ask(anything, method, *params)}
