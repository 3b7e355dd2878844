"""One transaction from a command: sent, and waited for."""

from __future__ import annotations

import time
from contextlib import closing
from typing import Any

from derelay.chain.chain import Receipt
from derelay.chain.contract import Contract
from derelay.chain.sender import Sender
from derelay.cli.errors import BadInput
from derelay.cli.gas import GAS
from derelay.cli.member import Member
from derelay.node.journal import Journal

LOOK = 0.5
"""Seconds between two looks for a block."""


def send(member: Member, contract: Contract, function: str, *args: Any) -> Receipt:
    """Call a function of a contract, and wait until that is in a block.

    The transaction is in the node's journal before it is sent: if this is interrupted, the node sees to it.

    Raises
    ------
    BadInput
        If a node is at work with this wallet, or the contract refuses the call.
    ChainError
        If the chain does not take it.
    """
    with member.home.held(), closing(Journal(member.home.journal)) as journal:
        sender = Sender(member.relay.chain, member.wallet, journal.outbox)
        transaction = sender.send(contract.address, contract.encode(function, *args), gas=2 * GAS[function])
        try:
            while (receipt := sender.outcome(transaction)) is None:
                time.sleep(LOOK)
                sender.tend()
        except KeyboardInterrupt as error:
            raise BadInput(f"transaction 0x{transaction.hex()} was sent: it may still take effect") from error
    if not receipt.ok:
        raise BadInput(f"{function} was refused: {receipt.reason or 'no reason given'}; gas was paid for it")
    return receipt
