"""From settings to a relay and one's place in it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from eth_typing import ChecksumAddress
from eth_utils.address import is_address, to_checksum_address

from derelay.chain.chain import Chain
from derelay.chain.connect import connect
from derelay.chain.invitation import Invitation
from derelay.chain.relay import Relay
from derelay.chain.wallet import Wallet
from derelay.cli.errors import BadInput
from derelay.cli.home import Home
from derelay.cli.password import password
from derelay.cli.settings import Settings

if TYPE_CHECKING:
    from derelay.learn import Task

EMBEDDED = "embedded:"


@dataclass(frozen=True)
class Member:
    """Someone who was invited, with a wallet: registered already, or about to be."""

    settings: Settings
    invitation: Invitation
    relay: Relay
    wallet: Wallet

    @property
    def address(self) -> ChecksumAddress:
        """The wallet's."""
        return self.wallet.address

    @cached_property
    def home(self) -> Home:
        """Where its node lives."""
        home = Home(self.settings.folder, self.relay.rounds.address, self.address)
        home.belong_to(self.relay.chain, self.relay.history.named("Created")[0].block)
        return home

    @cached_property
    def task(self) -> Task:
        """The relay's task, as it is installed here."""
        return task_of(self.settings, self.invitation)


def open_member(settings: Settings) -> Member:
    """Connect to the chain, prove that the relay is genuine, and open the wallet.

    Raises
    ------
    BadInput
        If a setting is missing, or does not fit the others.
    ChainError, InvitationError, WalletError
        If one of the three cannot be used.
    """
    invitation, relay = open_relay(settings)
    return Member(settings, invitation, relay, open_wallet(settings))


def open_relay(settings: Settings) -> tuple[Invitation, Relay]:
    """Connect to the relay of the invitation: for commands that need no wallet. Raises as `open_member`."""
    invitation = Invitation.read(settings.need("invitation"))
    chain = open_chain(settings)
    if chain.chain_id != invitation.chain_id:
        raise BadInput(
            f"this is chain {chain.chain_id}, the invitation is to chain {invitation.chain_id}: give an "
            "endpoint of that one"
        )
    relay = Relay(chain, invitation.rounds, invitation.block)
    told = (invitation.task, invitation.task_hash)
    if (relay.task_name, relay.task_hash) != told or not relay.history.named("Created"):
        raise BadInput(
            f"the invitation says other things of relay {relay.rounds.address} than the chain: "
            "ask for another"
        )
    return invitation, relay


def open_chain(settings: Settings) -> Chain:
    """Connect to the chain. Raises as `open_member`."""
    url: str = settings.need("chain")
    if url == EMBEDDED:
        raise BadInput(f"chain {url!r} lives in one process, and ends with it: start one by derelay devnet")
    return connect(url)


def open_wallet(settings: Settings) -> Wallet:
    """Open the keystore. Raises as `open_member`."""
    file = settings.need("wallet")
    return Wallet.load(file, password(settings.password_file, file))


def wallet_address(settings: Settings) -> ChecksumAddress | None:
    """Return whose wallet it is without opening it; None if no wallet is given."""
    if settings.wallet is None:
        return None
    try:
        address = json.loads(settings.wallet.read_bytes())["address"]
    except (OSError, ValueError, KeyError, TypeError):  # opening it says what is wrong with it
        return open_wallet(settings).address
    if not is_address(address):
        raise BadInput(f"{settings.wallet} names {address!r}, which is no address: take it from a backup")
    return to_checksum_address(address)


def task_of(settings: Settings, invitation: Invitation) -> Task:
    """Return the task that the settings name, or the installed one that the invitation names.

    An invitation comes from others: that it names a file never makes this machine run that file.

    Raises
    ------
    BadInput
        If there is none, or it is not the relay's.
    TaskError
        If it cannot be loaded.
    """
    from derelay.learn import installed_tasks, load_task, task_hash  # PyTorch: most commands need none

    if settings.task is None and invitation.task not in installed_tasks():
        raise BadInput(
            f"task {invitation.task!r} is not installed here: install its package, or name its file by --task"
        )
    task = load_task(settings.task or invitation.task)
    mine = task_hash(task)
    if mine != invitation.task_hash:
        raise BadInput(
            f"task {task.name!r} here has the hash {mine.hex()[:12]}, the relay's task {invitation.task!r} "
            f"has {invitation.task_hash.hex()[:12]}: install the relay's version, or name its file by --task"
        )
    return task
