"""Options that several commands have: each overrides a setting."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config", metavar="FILE", help="The settings.", show_default="derelay.toml, if it is there"
    ),
]
ChainOption = Annotated[
    str | None, typer.Option("--chain", metavar="URL", help="An endpoint of the chain, or several: URL,URL.")
]
WalletOption = Annotated[
    Path | None, typer.Option("--wallet", metavar="FILE", help="The keystore, see derelay wallet.")
]
PasswordOption = Annotated[
    Path | None,
    typer.Option(
        "--password-file",
        metavar="FILE",
        help="Holds the keystore's password.",
        show_default="$DERELAY_PASSWORD, or a prompt",
    ),
]
FolderOption = Annotated[
    Path | None,
    typer.Option("--folder", metavar="DIR", help="Where nodes live.", show_default="~/.derelay"),
]
TaskOption = Annotated[
    str | None,
    typer.Option(
        "--task",
        metavar="TASK",
        help="An installed task, or a Python file.",
        show_default="as the invitation says",
    ),
]
InvitationArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="INVITATION", help="What derelay create printed.", show_default="as in the settings"
    ),
]
GatewayOption = Annotated[
    list[str] | None,
    typer.Option(
        "--gateway",
        metavar="URL",
        help="An IPFS gateway to fetch from, too; may be repeated.",
        show_default="none",
    ),
]
FormatOption = Annotated[
    str,
    typer.Option("--format", metavar="safetensors|hf", help="A file, or a Hugging Face folder."),
]
LicenceOption = Annotated[
    str | None,
    typer.Option("--license", metavar="SPDX", help="Of the model, for the metadata.", show_default="unsaid"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="As JSON, for programs.")]
