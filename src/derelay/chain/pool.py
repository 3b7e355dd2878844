"""What waits for a block of the embedded chain."""

from eth_typing import Address
from eth_utils.address import to_checksum_address

from derelay.chain.chain import ChainError
from derelay.chain.evm import GAS_LIMIT, Evm, Transaction


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
        queued = self.of(transaction.sender)
        due = self._evm.state.get_nonce(transaction.sender) + len(queued)
        balance = self._evm.state.get_balance(transaction.sender)
        cost = sum(each.value + each.gas * each.max_fee_per_gas for each in [*queued, transaction])
        if transaction.chain_id != self._evm.chain_id:
            return f"signed for chain {transaction.chain_id}, but this is {self._evm.chain_id}"
        if transaction.nonce != due:
            return f"its nonce is {transaction.nonce}, but {due} is due"
        if not transaction.intrinsic_gas <= transaction.gas <= GAS_LIMIT:
            return f"its gas limit {transaction.gas} is not in {transaction.intrinsic_gas} to {GAS_LIMIT}"
        if cost > balance:
            return f"with what waits it may cost {cost} wei of {balance}; add funds or lower its gas limit"
        return ""
