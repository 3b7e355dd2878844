"""`derelay join`: the long-running node."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from derelay.cli.errors import plain_errors
from derelay.cli.options import (
    ChainOption,
    ConfigOption,
    FolderOption,
    GatewayOption,
    InvitationArgument,
    PasswordOption,
    TaskOption,
    WalletOption,
)
from derelay.cli.settings import Settings


def join(
    invitation: InvitationArgument = None,
    data: Annotated[Path | None, typer.Option(metavar="FILE", help="Your own cases.")] = None,
    chain: ChainOption = None,
    wallet: WalletOption = None,
    password_file: PasswordOption = None,
    task: TaskOption = None,
    maintain: Annotated[
        bool | None,
        typer.Option("--maintain/--no-maintain", help="Test and vote, too, with the larger bond."),
    ] = None,
    listen: Annotated[
        str | None,
        typer.Option(metavar="HOST:PORT", help="Where to serve blobs.", show_default="loopback, any port"),
    ] = None,
    url: Annotated[
        str | None,
        typer.Option(help="Where others reach what listens.", show_default="where it listens"),
    ] = None,
    publish_to: Annotated[
        str | None, typer.Option(metavar="URL", help="A holder that serves your blobs for you.")
    ] = None,
    mirror: Annotated[
        int | None,
        typer.Option(metavar="GIB", help="Keep others' sealed blobs, so many GiB at most."),
    ] = None,
    gateway: GatewayOption = None,
    private_addresses: Annotated[
        bool | None,
        typer.Option("--private-addresses/--no-private-addresses", help="Fetch from private addresses, too."),
    ] = None,
    patience: Annotated[
        int | None,
        typer.Option(help="Seconds without progress that end a transfer.", show_default="30"),
    ] = None,
    rounds: Annotated[
        int | None, typer.Option(help="Stop after so many more rounds.", show_default="never")
    ] = None,
    folder: FolderOption = None,
    log_format: Annotated[
        str | None,
        typer.Option(metavar="text|json", help="Lines for people or for programs.", show_default="text"),
    ] = None,
    metrics: Annotated[
        int | None, typer.Option(metavar="PORT", help="Serve /metrics on loopback.", show_default="off")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Take part in a relay: train, test, serve, until Ctrl-C.

    Shows what it does and why it waits. Stop it whenever you like, start it again with the same wallet and
    folder: it goes on where it was, however it ended.
    """
    from derelay.cli.working import work

    with plain_errors():
        work(
            Settings.read(
                config,
                invitation=invitation,
                data=data,
                wallet=wallet,
                chain=chain,
                password_file=password_file,
                task=task,
                maintain=maintain,
                listen=listen,
                url=url,
                publish_to=publish_to,
                mirror=mirror,
                gateway=gateway and ",".join(gateway),
                private_addresses=private_addresses,
                patience=patience,
                rounds=rounds,
                folder=folder,
                log_format=log_format,
                metrics=metrics,
            )
        )
