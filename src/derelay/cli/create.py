"""`derelay create`: a new relay."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from derelay.cli.errors import BadInput, plain_errors
from derelay.cli.options import (
    ChainOption,
    ConfigOption,
    FolderOption,
    JsonOption,
    PasswordOption,
    WalletOption,
)


def create(
    task: Annotated[str, typer.Argument(metavar="TASK", help="An installed task, or a Python file.")],
    chain: ChainOption = None,
    wallet: WalletOption = None,
    password_file: PasswordOption = None,
    preset: Annotated[
        str, typer.Option(metavar="open|trusted", help="Who may test: anyone, or a fixed committee.")
    ] = "open",
    param: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="Set a parameter; may be repeated."),
    ] = None,
    committee: Annotated[
        list[str] | None,
        typer.Option(metavar="ADDRESS", help="Who alone may maintain; may be repeated."),
    ] = None,
    from_: Annotated[
        Path | None, typer.Option("--from", metavar="FILE|FOLDER", help="Begin with these weights.")
    ] = None,
    origin: Annotated[
        str | None,
        typer.Option(metavar="INVITATION", help="The relay that BATON is a head of: its versions go on."),
    ] = None,
    holder: Annotated[
        list[str] | None,
        typer.Option(metavar="URL", help="Who will serve blobs, to name in the invitation; may be repeated."),
    ] = None,
    folder: FolderOption = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Create a relay: publish its contracts, and print the invitation to it.

    Its terms are fixed from then on, for everybody. The creator's node serves the first head: see derelay
    join.
    """
    from derelay.cli.amounts import native
    from derelay.cli.answer import answer
    from derelay.cli.genesis import make_genesis
    from derelay.cli.odds import odds, warning
    from derelay.cli.publish import publish
    from derelay.cli.settings import Settings
    from derelay.cli.terms import read_terms
    from derelay.learn import load_task

    with plain_errors():
        settings = Settings.read(
            config, chain=chain, wallet=wallet, password_file=password_file, folder=folder
        )
        if origin is not None and from_ is None:
            raise BadInput("--origin needs a head of that relay: name its file by --from")
        terms = read_terms(preset, param or [], committee or [])
        learned = load_task(task)
        genesis = make_genesis(learned, from_, origin)
        holders = tuple(holder or ([settings.url] if settings.url else []))
        invitation, wei = publish(settings, learned, genesis, terms, holders)
    baton, is_open = genesis.baton, not terms.rest["committee"]
    answer(
        {
            "rounds": invitation.rounds,
            "chain": invitation.chain_id,
            "invitation": str(invitation),
            "genesis": baton.id.hex(),
            "version": baton.manifest.version,
            "cost": wei,
            "captured": odds(terms.parameters) if is_open else None,
        },
        [
            ("relay", f"{invitation.rounds} on chain {invitation.chain_id}"),
            ("first head", f"v{baton.manifest.version} {baton.id.hex()}"),
            ("cost", f"{native(wei)}, for gas"),
            *([("note", warning(terms.parameters))] if is_open else []),
            ("next", "derelay join INVITATION --maintain --data PATH, to serve the first head"),
        ],
        json=json,
    )
    if not json:
        print(invitation)  # alone and unbroken, to be copied
