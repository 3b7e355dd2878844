"""What waits for a block of the embedded chain."""

from eth_typing import Address
from eth_utils.address import to_checksum_address

from derelay.chain.chain import ChainError
from derelay.chain.evm import GAS_LIMIT, Evm, Transaction

PRICE = 10**9  # wei per unit of gas; the base fee starts at nothing and stays there, so this is what is paid
_TYPES = (None, 1, 2)  # legacy, with an access list (EIP-2930), with a tip (EIP-1559)


class Pool:
    """Transactions in the order they came, each one sure to be executable when its turn comes.

    A sender's nonces are consecutive and all it queued is affordable at once, so that no transaction can make
    another one unfit for a block; whether it succeeds is for the block to show.
    """

    def __init__(self, evm: Evm) -> None:
        self._evm = evm
        self.waiting: list[Transaction] = []

    def of(self, account: Address) -> list[Transaction]:
        """List the waiting transactions of one sender."""
        return [transaction for transaction in self.waiting if transaction.sender == account]

    def add(self, transaction: Transaction) -> None:
        """Take a transaction in; ChainError where it could never be in a block."""
        problem = self._problem(transaction)
        if problem:
            raise ChainError(f"transaction from {to_checksum_address(transaction.sender)}: {problem}")
        self.waiting.append(transaction)

    def _problem(self, transaction: Transaction) -> str:
        if transaction.type_id not in _TYPES:
            return f"its type {transaction.type_id} is none of 0, 1 and 2"
        if transaction.chain_id != self._evm.chain_id:
            return f"signed for chain {transaction.chain_id}, but this is {self._evm.chain_id}"
        if not PRICE <= transaction.max_priority_fee_per_gas <= transaction.max_fee_per_gas:
            return f"its tip is not between {PRICE} wei per gas and the highest price that it would pay"
        least = self._evm.least_gas(transaction)
        if not least <= transaction.gas <= GAS_LIMIT:
            return f"its gas limit {transaction.gas} is not in {least} to {GAS_LIMIT}"
        queued = self.of(transaction.sender)
        due = self._evm.state.get_nonce(transaction.sender) + len(queued)
        if transaction.nonce != due:
            return f"its nonce is {transaction.nonce}, but {due} is due"
        balance = self._evm.state.get_balance(transaction.sender)
        cost = sum(each.value + each.gas * each.max_fee_per_gas for each in [*queued, transaction])
        if cost > balance:
            return f"with what waits it may cost {cost} wei of {balance}; add funds or lower its gas limit"
        return ""
