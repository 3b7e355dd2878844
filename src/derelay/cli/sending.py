"""What commands send in the place of a node: one transaction after the other, each waited for."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from derelay.chain.chain import Receipt
from derelay.chain.contract import Contract
from derelay.chain.outbox import Signed
from derelay.chain.sender import Sender
from derelay.cli.errors import BadInput
from derelay.cli.gas import GAS
from derelay.cli.member import Member
from derelay.node.journal import Journal

LOOK = 0.5
"""Seconds between two looks for a block."""


class Deputy:
    """Sends for a member. What it signs is in the journal of the member's node, which sees to it at need."""

    def __init__(self, member: Member, journal: Journal) -> None:
        self.journal = journal
        self._sender = Sender(member.relay.chain, member.wallet, journal.outbox)

    def send(self, contract: Contract, function: str, *args: Any) -> Receipt:
        """Call a function of a contract, and wait until that is in a block.

        Raises
        ------
        BadInput
            If the contract refuses the call.
        ChainError
            If the chain does not take it.
        """
        data = contract.encode(function, *args)
        transaction = self._sender.send(contract.address, data, gas=2 * GAS[function])
        receipt = self._receipt(transaction)
        if not receipt.ok:
            reason = receipt.reason or "no reason given"
            raise BadInput(f"{function} was refused: {reason}; gas was paid for it")
        return receipt

    def settle(self) -> None:
        """Wait until what was sent before, by a node or a command, is in blocks or given up."""
        while any(self._waits(signed) for signed in self.journal.outbox.signed()):
            self._look()

    def _receipt(self, transaction: bytes) -> Receipt:
        name = f"transaction 0x{transaction.hex()}"
        try:
            while (receipt := self._sender.outcome(transaction)) is None:
                if any(each.is_void for each in self.journal.outbox.signed() if each.hash == transaction):
                    raise BadInput(f"{name} was given up, no node takes it: try again")
                self._look()
        except KeyboardInterrupt as error:
            raise BadInput(f"{name} was sent: it may still take effect") from error
        return receipt

    def _waits(self, signed: Signed) -> bool:
        return not signed.is_void and self._sender.outcome(signed.hash) is None

    def _look(self) -> None:
        time.sleep(LOOK)
        self._sender.tend()


@contextmanager
def deputy_of(member: Member) -> Iterator[Deputy]:
    """Act in the place of a member's node, after all that was sent before has come to an end.

    Raises
    ------
    BadInput
        If the node is at work.
    """
    with member.home.held(), closing(Journal(member.home.journal)) as journal:
        deputy = Deputy(member, journal)
        deputy.settle()
        yield deputy
