"""Publishing a relay: its contracts on the chain, its first head in the creator's folder."""

from __future__ import annotations

import os
import time

from derelay.baton.sealing import seal
from derelay.chain.charter import CREATION_GAS, Charter, create_relay
from derelay.chain.invitation import Invitation
from derelay.chain.sender import Sender, contract_address
from derelay.cli.amounts import native
from derelay.cli.errors import BadInput
from derelay.cli.genesis import Genesis
from derelay.cli.home import Home
from derelay.cli.member import open_chain, open_wallet
from derelay.cli.settings import Settings
from derelay.cli.terms import Terms
from derelay.contracts import NAMES
from derelay.learn import Task, task_hash
from derelay.node.journal import Journal
from derelay.store.directory import DirectoryStore

LOOK = 0.5
"""Seconds between two looks for a block."""


def publish(
    settings: Settings, task: Task, genesis: Genesis, terms: Terms, holders: tuple[str, ...]
) -> tuple[Invitation, int]:
    """Create the contracts; return the invitation to the relay, and what the gas cost in wei.

    The first head, its key and the invitation are on disk before anything is sent.

    Raises
    ------
    ChainError
        If the relay could not be created.
    """
    sender = Sender(open_chain(settings), open_wallet(settings))
    chain, before = sender.chain, sender.chain.balance(sender.address)
    _check_funds(sender, before)
    rounds = contract_address(sender.address, sender.nonce + NAMES.index("rounds"))
    block = max(0, chain.height() - chain.reorg_depth)
    invitation = Invitation(chain.chain_id, rounds, block, task.name, task_hash(task), holders)
    home = Home(settings.folder, rounds, sender.address)
    if home.is_taken:
        raise BadInput(
            f"{home.path} is of another relay, of a devnet that was begun anew since: remove it, or give "
            "another --folder"
        )
    with home.held():
        key = os.urandom(32)
        content = seal(genesis.baton, key, DirectoryStore(home.blocks, durable=True))
        journal = Journal(home.journal)
        journal.keep_key(genesis.baton.id, key, content)
        journal.close()
        (home.path / "invitation").write_text(f"{invitation}\n")
        charter = Charter(
            task.name,
            task_hash(task),
            genesis.baton.id,
            terms.parameters,
            origin=genesis.origin,
            **terms.rest,
        )
        try:
            relay = create_relay(sender, charter, lambda: _wait(sender))
        except KeyboardInterrupt as error:
            raise BadInput(
                f"stopped while contracts were on their way: if all arrive, {home.path / 'invitation'} holds "
                "the invitation to them"
            ) from error
    if relay.rounds.address != rounds:
        raise BadInput(
            f"another program sent with {sender.address} at the same time: create again, with a wallet of "
            "its own"
        )
    return invitation, before - chain.balance(sender.address)


def _check_funds(sender: Sender, balance: int) -> None:
    """Refuse a wallet that would run out of money after some of the contracts."""
    fees = sender.chain.fees()
    most = sum(CREATION_GAS.values()) * fees.get("gasPrice", fees.get("maxFeePerGas", 0))
    if balance < most:
        raise BadInput(
            f"{sender.address} holds {native(balance)}, but the limits of gas of the {len(NAMES)} contracts "
            f"come to {native(most)} now: send it more. What is not used is not paid"
        )


def _wait(sender: Sender) -> None:
    time.sleep(LOOK)
    sender.tend()
