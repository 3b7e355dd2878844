"""`derelay join`: the long-running node."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from derelay.cli.errors import plain_errors
from derelay.cli.settings import Settings


def join(
    invitation: Annotated[
        str | None, typer.Argument(help="What derelay create printed.", show_default="as in derelay.toml")
    ] = None,
    data: Annotated[Path | None, typer.Option(metavar="FILE", help="Your own cases.")] = None,
    wallet: Annotated[Path | None, typer.Option(metavar="FILE", help="Your keystore.")] = None,
    chain: Annotated[
        str | None, typer.Option(metavar="URL,...", help="Endpoints of the chain, the first preferred.")
    ] = None,
    password_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Holds the keystore's password.")
    ] = None,
    task: Annotated[
        str | None,
        typer.Option(help="An installed task, or a Python file.", show_default="what the invitation names"),
    ] = None,
    maintain: Annotated[
        bool | None, typer.Option(help="Test and vote, too, with the larger bond.", show_default="off")
    ] = None,
    listen: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="Where to serve blobs.", show_default="loopback")
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
        typer.Option(metavar="GIB", help="Keep others' sealed blobs, at most so much.", show_default="none"),
    ] = None,
    private_addresses: Annotated[
        bool | None, typer.Option(help="Fetch from private addresses, too.", show_default="off")
    ] = None,
    patience: Annotated[
        int | None, typer.Option(help="Seconds without progress that end a transfer.", show_default="30")
    ] = None,
    rounds: Annotated[
        int | None, typer.Option(help="Stop after so many rounds.", show_default="never")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Journal and blobs.", show_default="~/.derelay")
    ] = None,
    log_format: Annotated[
        str | None, typer.Option(metavar="text|json", help="For people or for programs.")
    ] = None,
    metrics: Annotated[
        int | None, typer.Option(metavar="PORT", help="Serve /metrics on loopback.", show_default="off")
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Settings; flags override them.", show_default="derelay.toml"),
    ] = None,
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
                private_addresses=private_addresses,
                patience=patience,
                rounds=rounds,
                folder=folder,
                log_format=log_format,
                metrics=metrics,
            ),
            mirror,
        )
