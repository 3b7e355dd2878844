"""A node put together from its settings, all that it opens to be closed with a stack."""

from __future__ import annotations

import os
from contextlib import ExitStack, closing
from functools import partial

from derelay.chain.text_signature import sign_text
from derelay.cli.errors import BadInput
from derelay.cli.gateways import gateways_of
from derelay.cli.member import Member
from derelay.cli.settings import Settings
from derelay.learn.own import own_share
from derelay.node.journal import Journal
from derelay.node.node import Node
from derelay.node.participant import Participant
from derelay.node.publishing import Publisher
from derelay.node.strategy import Honest
from derelay.node.upkeep import Chore, Host, Sweeper, move
from derelay.store.address import Address, AddressError
from derelay.store.directory import DirectoryStore
from derelay.store.gateway import Gateway
from derelay.store.guests import Allowance, Guests
from derelay.store.mirror import HttpMirror
from derelay.store.peers import HttpPeers

MOST_PORT = 65_535


def check_addresses(settings: Settings) -> None:
    """Refuse what would be registered on chain and is no address, or cannot be listened on."""
    _listened_on(settings.listen)
    for name in ("url", "publish_to"):
        try:
            Address.parse(getattr(settings, name) or "http://none")
        except AddressError as error:
            raise BadInput(f"{name.replace('_', '-')}: {error}") from error


def make_node(member: Member, guests: Guests | None, stack: ExitStack) -> Node:
    """Return the node of a member.

    Parameters
    ----------
    guests
        Others' blobs that it serves besides its own.

    Raises
    ------
    StoreError, TaskError, JournalError
        If it cannot listen, has no cases to train with, or no journal.
    """
    settings, home = member.settings, member.home
    share = own_share(member.task, settings.need("data"))
    store = DirectoryStore(home.blocks, durable=True)
    host, port = _listened_on(settings.listen)
    gateway = stack.enter_context(Gateway(store, host, port, patience=settings.patience, guests=guests))
    url = settings.publish_to or settings.url or gateway.url
    gateways = gateways_of(settings, stack)
    own = {**gateways, url: store if guests is None else guests}
    peers = HttpPeers(settings.patience, settings.private_addresses, own)
    me = Participant(
        relay=member.relay,
        wallet=member.wallet,
        task=member.task,
        share=share,
        strategy=Honest(),
        store=store,
        peers=stack.enter_context(closing(peers)),
        url=url,
        journal=stack.enter_context(closing(Journal(home.journal))),
        entropy=os.urandom,
        holders=(*member.invitation.holders, *gateways),
    )
    return Node(me, maintains=settings.maintain)


def guests_of(member: Member) -> Guests | None:
    """Return what is kept for others; None for nothing."""
    mirror = member.settings.mirror
    return None if mirror is None else Guests(member.home.path / "guests", Allowance(total=mirror << 30))


def chores_of(member: Member, node: Node, guests: Guests | None, stack: ExitStack) -> list[Chore]:
    """Return what a node does besides its duties."""
    settings = member.settings
    chores: list[Chore] = [partial(move, node.me), Sweeper(node.me)]
    if guests is not None:
        chores.append(Host(node.me, guests))
    if settings.publish_to is not None:
        signer = partial(sign_text, member.wallet)
        mirror = HttpMirror(settings.publish_to, signer, settings.patience, settings.private_addresses)
        chores.append(Publisher(node.me, stack.enter_context(closing(mirror))))
    return chores


def _listened_on(listen: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    if not host or not port.isdecimal() or int(port) > MOST_PORT:
        raise BadInput(f"listen {listen!r}: give HOST:PORT, such as 127.0.0.1:4001 or 0.0.0.0:4001")
    return host.strip("[]"), int(port)
