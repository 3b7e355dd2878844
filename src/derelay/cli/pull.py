"""`derelay pull`: a version of the model out of a relay, as a file for other programs."""

from __future__ import annotations

import os
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from derelay.cli.errors import BadInput, plain_errors
from derelay.cli.options import (
    ChainOption,
    ConfigOption,
    FolderOption,
    FormatOption,
    GatewayOption,
    InvitationArgument,
    JsonOption,
    LicenceOption,
    PasswordOption,
    TaskOption,
    WalletOption,
)

if TYPE_CHECKING:
    from derelay.baton.baton import Baton
    from derelay.cli.member import Member


def pull(
    baton: Annotated[
        str, typer.Argument(metavar="BATON", help="A version, the first digits of an id, or latest.")
    ],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The file to write.")],
    invitation: InvitationArgument = None,
    chain: ChainOption = None,
    wallet: WalletOption = None,
    password_file: PasswordOption = None,
    folder: FolderOption = None,
    task: TaskOption = None,
    gateway: GatewayOption = None,
    private_addresses: Annotated[
        bool | None,
        typer.Option(help="Fetch from private addresses, too.", show_default="off"),
    ] = None,
    format: FormatOption = "safetensors",
    license: LicenceOption = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Write a baton as a .safetensors file or a Hugging Face folder, its origin in the metadata.

    Only what this wallet may open: see derelay batons. Blocks that are not here are fetched from its
    holders; every hash is checked on the way. Never writes over a file.
    """
    from derelay.cli.answer import answer
    from derelay.cli.holdings import find
    from derelay.cli.member import open_member
    from derelay.cli.settings import Settings
    from derelay.cli.writing import check_output, write_baton

    check_output(output, format)
    with plain_errors():
        member = open_member(
            Settings.read(
                config,
                invitation=invitation,
                chain=chain,
                wallet=wallet,
                password_file=password_file,
                folder=folder,
                task=task,
                gateway=gateway and ",".join(gateway),
                private_addresses=private_addresses,
            )
        )
        found = find(member.relay, member.address, baton)
        pulled = _open(member, found.id)
        write_baton(pulled, output, format, member.task, _about(member, pulled, license))
    id, version = pulled.id.hex(), pulled.manifest.version
    answer(
        {"file": str(output), "id": id, "version": version},
        [("file", str(output)), ("baton", id), ("version", str(version))],
        json=json,
    )


def _about(member: Member, baton: Baton, licence: str | None) -> dict[str, str]:
    from derelay.baton.provenance import provenance
    from derelay.cli.heads import heads_of

    relay = f"eip155:{member.invitation.chain_id}:{member.invitation.rounds}"
    heads = [row["id"] for row in heads_of(member.relay) if row["version"] <= baton.manifest.version]
    return provenance(baton.manifest, relay, heads, licence)


def _open(member: Member, id: bytes) -> Baton:
    import torch

    from derelay.cli.gateways import gateways_of
    from derelay.learn.cases import Cases, Share
    from derelay.node.journal import Journal
    from derelay.node.participant import Participant
    from derelay.node.strategy import Honest
    from derelay.store.directory import DirectoryStore
    from derelay.store.peers import HttpPeers

    settings, home = member.settings, member.home
    no_cases = Cases(*[torch.empty(0)] * 3)
    if not home.journal.exists():
        raise BadInput(
            f"no node of {member.address} has lived in {settings.folder}: keys are in its journal, name its "
            "folder by --folder"
        )
    with ExitStack() as stack:
        journal = stack.enter_context(closing(Journal(home.journal)))
        gateways = gateways_of(settings, stack)
        peers = HttpPeers(settings.patience, settings.private_addresses, gateways)
        stack.enter_context(closing(peers))
        me = Participant(
            relay=member.relay,
            wallet=member.wallet,
            task=member.task,
            share=Share(no_cases, no_cases),
            strategy=Honest(),
            store=DirectoryStore(home.blocks),
            peers=lambda url: peers(url) if url else None,  # who never joined has registered none
            url=member.relay.member(member.address).url,
            journal=journal,
            entropy=os.urandom,
            holders=(*member.invitation.holders, *gateways),
        )
        baton = me.baton(id)
    if baton is None:
        raise BadInput(
            f"baton {id.hex()[:12]} cannot be had now: try again when more of its holders are there"
        )
    return baton
