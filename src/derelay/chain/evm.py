"""Blocks on py-evm by the shortest path: executed once, read from one cached state, no wall clock.

eth-tester executes what is queued to undo it again, puts bytes from the operating system into each block,
rebuilds its state for each call and searches receipts from the newest block down. Its chain object is driven
here directly; web3 still reads through it.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from eth.exceptions import OutOfGas, PyEVMError, Revert
from eth.vm.message import Message
from eth_tester import PyEVMBackend
from eth_typing import Address
from eth_utils.exceptions import ValidationError
from rlp.exceptions import RLPException  # type: ignore[import-untyped]

from derelay.chain.chain import ChainError, Reverted, revert_reason

# What py-evm needs for nested calls. Its py_ecc asks for 100,000, with which parsing deeply nested JSON from
# anyone overflows the stack and ends the process instead of raising RecursionError.
sys.setrecursionlimit(12 * 1024)

GAS_LIMIT = 30_000_000  # of a block, as on most public chains
GENESIS_TIME = 1_767_225_600  # 2026-01-01 00:00 UTC
_NOBODY = Address(bytes(20))

Transaction = Any  # py-evm's signed transaction; the library has no types that mypy could follow


@dataclass(frozen=True)
class Execution:
    """One transaction as a block executed it; `logs` as (address, topics as integers, data)."""

    transaction: Transaction
    ok: bool
    reason: str
    gas_used: int
    price: int
    logs: Sequence[tuple[bytes, Sequence[int], bytes]]
    contract: bytes | None


class Evm:
    """The newest state of a chain, and the way to its next block.

    Parameters
    ----------
    balances : Mapping[bytes, int]
        Wei at each address (20 bytes) in the genesis block.
    randomness : bytes
        The genesis block's PREVRANDAO, 32 bytes.
    """

    def __init__(self, balances: Mapping[bytes, int], randomness: bytes) -> None:
        genesis = PyEVMBackend.generate_genesis_params(
            {"timestamp": GENESIS_TIME, "gas_limit": GAS_LIMIT, "mix_hash": randomness}
        )
        accounts = {
            address: {"balance": balance, "nonce": 0, "code": b"", "storage": {}}
            for address, balance in balances.items()
        }
        self.backend = _ReadOnly(genesis | {"base_fee_per_gas": 0}, accounts)
        self._chain = self.backend.chain
        self._vm = self._chain.get_vm(self._chain.get_canonical_head())
        self._answers: dict[tuple[Address, bytes], bytes | Reverted] = {}

    @property
    def chain_id(self) -> int:
        """Number that transactions are signed for."""
        return int(self._chain.chain_id)

    @property
    def head(self) -> Any:
        """Header of the newest block."""
        return self._vm.get_header()

    @property
    def state(self) -> Any:
        """Accounts as of the newest block: built once a block, shared by all reads."""
        return self._vm.state

    def block_hash(self, height: int) -> bytes:
        """Hash of the block at `height`, which must exist."""
        return bytes(self._chain.get_canonical_block_hash(height))

    def decode(self, raw: bytes) -> Transaction:
        """Parse a signed transaction; ChainError where it is none."""
        try:
            transaction = self._vm.get_transaction_builder().decode(raw)
            transaction.validate()
            transaction.check_signature_validity()
        except (PyEVMError, ValidationError, RLPException, TypeError) as error:  # garbage reaches its codecs
            raise ChainError(f"not a signed transaction ({error})") from error
        return transaction

    def least_gas(self, transaction: Transaction) -> int:
        """Return the gas that a transaction takes for its bytes, whatever it does (EIP-7623 included)."""
        executor = self.state.get_transaction_executor()
        return int(max(transaction.intrinsic_gas, executor.calc_data_floor_gas(transaction, 0, 0)))

    def call(self, to: Address, data: bytes) -> bytes:
        """Run `data` on the contract at `to` as of the newest block and undo it; Reverted where it fails.

        Answers are kept until the next block: the nodes of one process ask the same things.
        """
        if (to, data) not in self._answers:
            self._answers[to, data] = self._run(to, data)
        answer = self._answers[to, data]
        if isinstance(answer, Reverted):
            raise Reverted(answer.reason)  # a new one: an exception gathers tracebacks
        return answer

    def _run(self, to: Address, data: bytes) -> bytes | Reverted:
        state = self.state
        message = Message(gas=GAS_LIMIT, to=to, sender=_NOBODY, value=0, data=data, code=state.get_code(to))
        context = state.get_transaction_context_class()(gas_price=0, origin=_NOBODY)
        before = state.snapshot()
        try:
            computation = state.computation_class.apply_message(state, message, context)
        finally:
            state.revert(before)
        return Reverted(_reason(computation)) if computation.is_error else bytes(computation.output)

    def seal(self, waiting: Sequence[Transaction], timestamp: int, randomness: bytes) -> list[Execution]:
        """Make the next block of what is `waiting`, in that order.

        Returns
        -------
        list[Execution]
            Of the transactions in the block, failed ones too: up to the first whose gas limit might not fit.
        """
        header = self._chain.header.copy(timestamp=timestamp, mix_hash=randomness)
        vm = self._chain.get_vm(header)
        included, receipts, executions = [], [], []
        for transaction in waiting:
            if transaction.gas > header.gas_limit - header.gas_used:
                break
            receipt, computation = vm.apply_transaction(header, transaction)
            used = receipt.gas_used - header.gas_used  # a receipt counts from the start of the block
            header = vm.add_receipt_to_header(header, receipt)
            included.append(transaction)
            receipts.append(receipt)
            executions.append(_execution(transaction, computation, used))
        filled = vm.set_block_transactions_and_withdrawals(vm.get_block(), header, included, receipts)
        block = vm.mine_block(filled).block
        self._chain.persist_block(block)
        self._chain.header = self._chain.create_header_from_parent(block.header)
        self._vm = self._chain.get_vm(block.header)
        self._answers.clear()
        return executions


class _ReadOnly(PyEVMBackend):  # type: ignore[misc]
    """What web3 sees of an embedded chain: all of it, but blocks are made by the chain's own methods."""

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise ChainError("web3 only reads an embedded chain; use its submit(), mine() and advance()")

    send_raw_transaction = send_signed_transaction = send_transaction = _refuse
    mine_blocks = time_travel = revert_to_snapshot = apply_withdrawals = _refuse


def _execution(transaction: Transaction, computation: Any, gas_used: int) -> Execution:
    created = computation.msg.is_create and computation.is_success
    return Execution(
        transaction=transaction,
        ok=computation.is_success,
        reason="" if computation.is_success else _reason(computation),
        gas_used=gas_used,
        price=computation.transaction_context.gas_price,
        logs=computation.get_log_entries(),
        contract=computation.msg.storage_address if created else None,
    )


def _reason(computation: Any) -> str:
    if isinstance(computation.error, Revert):
        return revert_reason(computation.output)
    if isinstance(computation.error, OutOfGas):
        return "out of gas"
    return str(computation.error)
