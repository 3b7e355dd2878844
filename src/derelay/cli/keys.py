"""`derelay keys`: the key that batons' keys are sealed to."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import typer

from derelay.cli.errors import plain_errors
from derelay.cli.options import (
    ChainOption,
    ConfigOption,
    FolderOption,
    InvitationArgument,
    JsonOption,
    PasswordOption,
    WalletOption,
)

if TYPE_CHECKING:
    from derelay.cli.member import Member

keys = typer.Typer(
    help="The encryption key of your node: others seal the keys of batons to it.", no_args_is_help=True
)


@keys.callback()
def _keys() -> None:
    pass


@keys.command(epilog="Example: derelay keys rotate --wallet wallet.json")
def rotate(
    invitation: InvitationArgument = None,
    chain: ChainOption = None,
    wallet: WalletOption = None,
    password_file: PasswordOption = None,
    folder: FolderOption = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Register a new encryption key, when the old one may have leaked.

    Whoever has the old one can open what was sealed to it. It stays in your journal, so that you can, too.
    """
    from derelay.cli.answer import answer
    from derelay.cli.member import open_member
    from derelay.cli.settings import Settings

    with plain_errors():
        member = open_member(
            Settings.read(
                config,
                invitation=invitation,
                chain=chain,
                wallet=wallet,
                password_file=password_file,
                folder=folder,
            )
        )
        public, kept = _rotate(member)
    answer(
        {"address": member.address, "key": public.hex(), "kept": kept},
        [("new key", public.hex()), ("kept", f"{kept} older, for what was sealed to them")],
        json=json,
    )


def _rotate(member: Member) -> tuple[bytes, int]:
    """Return the new public key, and how many private ones there were before.

    The new one is in the journal first: if its registration fails, the node registers it.
    """
    from nacl.public import PrivateKey

    from derelay.baton.keys import KEY_BYTES
    from derelay.cli.errors import BadInput
    from derelay.cli.sending import deputy_of

    relay = member.relay
    if not relay.member(member.address).is_registered:
        raise BadInput(f"{member.address} is not registered in this relay: derelay join registers a new key")
    with deputy_of(member) as deputy:
        kept = len(deputy.journal.encryption_keys())
        deputy.journal.add_encryption_key(os.urandom(KEY_BYTES))
        public = bytes(PrivateKey(deputy.journal.encryption_keys()[0]).public_key)
        deputy.send(relay.registry, "rotate_key", public)
    return public, kept
