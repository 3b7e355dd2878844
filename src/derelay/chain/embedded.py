"""An EVM inside this process: blocks on demand, time on demand, everything from a seed."""

# ruff: noqa: D102 (what the seam promises is written at the seam)

import hashlib
from collections.abc import Collection
from functools import cached_property, lru_cache

from eth_tester import EthereumTester
from eth_typing import ChecksumAddress
from eth_utils.address import to_canonical_address, to_checksum_address
from web3 import EthereumTesterProvider, Web3

from derelay.chain.chain import Chain, ChainError, Log, Receipt
from derelay.chain.evm import Evm, Execution
from derelay.chain.pool import PRICE, Pool
from derelay.chain.sender import Sender
from derelay.chain.wallet import Wallet

_FAUCET = (1).to_bytes(32)  # key of eth-tester's first account, which web3's own calls come from
_PURSE = 10**36  # wei of the faucet: more than anybody will ask for
_TRANSFER_GAS = 21_000

_canonical = lru_cache(maxsize=4096)(to_canonical_address)
_checksum = lru_cache(maxsize=4096)(to_checksum_address)


class EmbeddedChain(Chain):
    """A chain that moves only when told to.

    The same seed and the same transactions in the same order give the same blocks, bit by bit: no wall clock
    and no operating system's randomness enters them. Blocks come from `mine` and `advance` alone. Block times
    must rise in the EVM, so a block of `mine` takes one second; all other time passes by `advance`.

    Not to be used from several threads at once.

    Parameters
    ----------
    seed : int
        What the blocks' randomness (PREVRANDAO) comes from.
    """

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        faucet = Wallet(_FAUCET)
        self._evm = Evm({_canonical(faucet.address): _PURSE}, self._randomness(0))
        self._pool = Pool(self._evm)
        self._receipts: dict[bytes, Receipt] = {}
        self._logs: list[tuple[Log, ...]] = [()]  # by block
        self._faucet = Sender(self, faucet)

    # --- what only this chain can do ---

    def mine(self) -> None:
        """Make one block, a second after the last, of what was submitted; what exceeds its gas waits on."""
        self._seal(self.timestamp() + 1)

    def advance(self, seconds: int, blocks: int = 1) -> None:
        """Let exactly `seconds` pass in `blocks` blocks, evenly; what was submitted goes into the first.

        Raises
        ------
        ChainError
            No block, or more blocks than seconds: each block's time is above the one before.
        """
        if not 1 <= blocks <= seconds:
            raise ChainError(
                f"advance: {blocks} blocks in {seconds} s; take at least 1 and at most one a second"
            )
        start = self.timestamp()
        for block in range(1, blocks + 1):
            self._seal(start + seconds * block // blocks)

    def fund(self, address: ChecksumAddress, wei: int) -> None:
        """Give `address`, an account and no contract, native currency out of nothing, in the next block."""
        self._faucet.send(address, value=wei, gas=_TRANSFER_GAS)

    # --- what every chain can do ---

    @cached_property
    def w3(self) -> Web3:
        return Web3(EthereumTesterProvider(EthereumTester(self._evm.backend)))

    @property
    def chain_id(self) -> int:
        return self._evm.chain_id

    def height(self) -> int:
        return int(self._evm.head.block_number)

    def timestamp(self) -> int:
        return int(self._evm.head.timestamp)

    def block_hash(self, height: int) -> bytes:
        if not 0 <= height <= self.height():
            raise ChainError(f"block {height}: not made yet; the newest is {self.height()}")
        return self._evm.block_hash(height)

    def balance(self, address: ChecksumAddress) -> int:
        return int(self._evm.state.get_balance(_canonical(address)))

    def code(self, address: ChecksumAddress) -> bytes:
        return bytes(self._evm.state.get_code(_canonical(address)))

    def nonce(self, address: ChecksumAddress) -> int:
        account = _canonical(address)
        return int(self._evm.state.get_nonce(account)) + len(self._pool.of(account))

    def fees(self) -> dict[str, int]:
        return {"maxFeePerGas": PRICE, "maxPriorityFeePerGas": PRICE}

    def call(self, to: ChecksumAddress, data: bytes) -> bytes:
        return self._evm.call(_canonical(to), data)

    def logs(self, addresses: Collection[ChecksumAddress], from_block: int, to_block: int) -> list[Log]:
        wanted = set(addresses)
        blocks = self._logs[max(from_block, 0) : to_block + 1]
        return [log for block in blocks for log in block if log.address in wanted]

    def submit(self, raw: bytes) -> bytes:
        transaction = self._evm.decode(raw)
        self._pool.add(transaction)
        return bytes(transaction.hash)

    def receipt(self, transaction: bytes) -> Receipt | None:
        return self._receipts.get(transaction)

    def knows(self, transaction: bytes) -> bool:
        waiting = any(bytes(each.hash) == transaction for each in self._pool.waiting)
        return waiting or transaction in self._receipts

    # --- inside ---

    def _randomness(self, height: int) -> bytes:
        return hashlib.sha256(f"derelay embedded chain, seed {self._seed}, block {height}".encode()).digest()

    def _seal(self, timestamp: int) -> None:
        executions = self._evm.seal(self._pool.waiting, timestamp, self._randomness(self.height() + 1))
        del self._pool.waiting[: len(executions)]
        logs: list[Log] = []
        for execution in executions:
            receipt = _receipt(execution, self.height(), len(logs))
            self._receipts[receipt.transaction] = receipt
            logs += receipt.logs
        self._logs.append(tuple(logs))


def _receipt(execution: Execution, height: int, first_log: int) -> Receipt:
    transaction = bytes(execution.transaction.hash)
    logs = tuple(
        Log(
            address=_checksum(address),
            topics=tuple(topic.to_bytes(32) for topic in topics),
            data=data,
            block=height,
            index=first_log + position,
            transaction=transaction,
        )
        for position, (address, topics, data) in enumerate(execution.logs)
    )
    return Receipt(
        transaction=transaction,
        block=height,
        ok=execution.ok,
        reason=execution.reason,
        gas_used=execution.gas_used,
        price=execution.price,
        logs=logs,
        contract=_checksum(execution.contract) if execution.contract else None,
    )
