"""`derelay wallet`: keys that pay and sign, each in an encrypted file."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from derelay.cli.errors import BadInput, plain_errors
from derelay.cli.options import ChainOption, ConfigOption, JsonOption, PasswordOption

if TYPE_CHECKING:
    from derelay.chain.wallet import Wallet

KEY_DIGITS = 64

wallet = typer.Typer(
    help="Keys that pay and sign: encrypted keystore files, as geth and others use them.",
    no_args_is_help=True,
)
FileArgument = Annotated[
    Path | None, typer.Argument(metavar="FILE", help="The keystore.", show_default="as in the settings")
]


@wallet.command(epilog="Example: derelay wallet new wallet.json")
def new(
    file: FileArgument = None,
    password_file: PasswordOption = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Make a new key, and write it encrypted.

    Whoever has the file and its password has the money. Nobody can restore either: keep a copy.
    """
    from derelay.chain.wallet import Wallet

    _save(lambda: Wallet.create(os.urandom), file, password_file, config, json)


@wallet.command("import", epilog="Example: derelay wallet import wallet.json < key.txt")
def import_(
    file: FileArgument = None,
    password_file: PasswordOption = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Write a private key that you have, encrypted.

    Asks for the key (64 hexadecimal digits), or reads it from standard input. A keystore of another
    program needs no import: it is used as it is.
    """
    _save(_typed_key, file, password_file, config, json)


@wallet.command(epilog="Example: derelay wallet show wallet.json --chain http://127.0.0.1:8545")
def show(
    file: FileArgument = None,
    chain: ChainOption = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Show the address of a keystore, and what it holds if a chain is given. Needs no password."""
    from derelay.cli.amounts import native
    from derelay.cli.answer import answer
    from derelay.cli.member import open_chain, wallet_address
    from derelay.cli.settings import Settings

    with plain_errors():
        settings = Settings.read(config, wallet=file, chain=chain)
        settings.need("wallet")
        address = wallet_address(settings)
        assert address is not None
        values: dict[str, str | int] = {"address": address}
        lines = [("address", str(address))]
        if settings.chain is not None:
            connected = open_chain(settings)
            values |= {"chain": connected.chain_id, "wei": connected.balance(address)}
            lines += [("chain", str(connected.chain_id)), ("holds", native(connected.balance(address)))]
    answer(values, lines, json=json)


def _save(
    make: Callable[[], Wallet], file: Path | None, password_file: Path | None, config: Path | None, json: bool
) -> None:
    from derelay.cli.answer import answer
    from derelay.cli.password import password
    from derelay.cli.settings import Settings

    with plain_errors():
        settings = Settings.read(config, wallet=file, password_file=password_file)
        target: Path = settings.need("wallet")
        if target.exists():
            raise BadInput(f"{target} is there already and may hold a key: name another file")
        made = make()
        made.save(target, password(settings.password_file, target, new=True))
    answer(
        {"address": made.address, "file": str(target)},
        [("address", made.address), ("file", str(target))],
        json=json,
    )


def _typed_key() -> Wallet:
    from derelay.chain.wallet import Wallet

    typed = getpass("Private key: ") if sys.stdin.isatty() else sys.stdin.readline()
    digits = typed.strip().removeprefix("0x")
    try:
        key = bytes.fromhex(digits)
    except ValueError:
        key = b""
    if len(digits) != KEY_DIGITS or not key:  # what was typed is a secret: never said again
        raise BadInput(f"that is no private key: give {KEY_DIGITS} hexadecimal digits")
    return Wallet(key)
