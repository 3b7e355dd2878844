"""A node put together from its settings, and run."""

from __future__ import annotations

import logging
import os
from contextlib import ExitStack, closing
from functools import partial

from rich.console import Console

from derelay.chain.text_signature import sign_text
from derelay.cli.errors import BadInput
from derelay.cli.live import Live
from derelay.cli.logs import start_logging
from derelay.cli.member import Member, open_member
from derelay.cli.settings import Settings
from derelay.cli.stopping import stopped_by_signals
from derelay.learn.own import own_share
from derelay.node.journal import Journal
from derelay.node.metrics import Metrics
from derelay.node.metrics_server import MetricsServer
from derelay.node.node import Node
from derelay.node.participant import Participant
from derelay.node.publishing import Publisher
from derelay.node.service import Service
from derelay.node.standing import Standing
from derelay.node.strategy import Honest
from derelay.node.upkeep import Chore, Host, Sweeper, move
from derelay.store.directory import DirectoryStore
from derelay.store.gateway import Gateway
from derelay.store.guests import Allowance, Guests
from derelay.store.mirror import HttpMirror
from derelay.store.peers import HttpPeers

log = logging.getLogger(__name__)


def work(settings: Settings, mirror: int | None = None) -> None:
    """Take part in a relay until stopped.

    Parameters
    ----------
    mirror
        GiB of others' sealed blobs to keep; None for none.

    Raises
    ------
    BadInput
        If a setting is missing or cannot be used.
    """
    console = Console(highlight=False)
    start_logging(console, settings.log_format)
    with ExitStack() as stack:
        member = open_member(settings)
        stack.enter_context(member.home.held())
        stop = stack.enter_context(stopped_by_signals())
        store = DirectoryStore(member.home.blocks, durable=True)
        guests = (
            None if mirror is None else Guests(member.home.path / "guests", Allowance(total=mirror << 30))
        )
        node = _node(member, settings, store, guests, stack)
        metrics = Metrics(node, member.home.journal)
        _greet(member, node)
        if settings.metrics is not None:
            _serve_metrics(metrics, settings.metrics, stack)
        live = stack.enter_context(Live(console, node))

        def watch(standing: Standing) -> None:
            metrics.watch(standing)
            live.show(standing)

        chores = _chores(member, settings, node, guests, stack)
        Service(node, rounds=settings.rounds, watch=watch, chores=chores).run(stop)
        _take_leave(live.last)


def _node(
    member: Member, settings: Settings, store: DirectoryStore, guests: Guests | None, stack: ExitStack
) -> Node:
    """Return the node, all that it opened to be closed with the stack."""
    share = own_share(member.task, settings.need("data"))
    gateway = Gateway(store, *_address(settings.listen), patience=settings.patience, guests=guests)
    stack.enter_context(gateway)
    me = Participant(
        relay=member.relay,
        wallet=member.wallet,
        task=member.task,
        share=share,
        strategy=Honest(),
        store=store,
        peers=stack.enter_context(closing(HttpPeers(settings.patience, settings.private_addresses))),
        url=settings.publish_to or settings.url or gateway.url,
        journal=stack.enter_context(closing(Journal(member.home.journal))),
        entropy=os.urandom,
    )
    return Node(me, maintains=settings.maintain)


def _chores(
    member: Member, settings: Settings, node: Node, guests: Guests | None, stack: ExitStack
) -> list[Chore]:
    """Return what the node does besides its duties."""
    chores: list[Chore] = [partial(move, node.me), Sweeper(node.me)]
    if guests is not None:
        chores.append(Host(node.me, guests))
    if settings.publish_to is not None:
        signer = partial(sign_text, member.wallet)
        private = settings.private_addresses
        mirror = HttpMirror(settings.publish_to, signer, settings.patience, private)
        chores.append(Publisher(node.me, stack.enter_context(closing(mirror))))
    return chores


def _address(listen: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    if not host or not port.isdecimal():
        raise BadInput(f"listen {listen!r}: give HOST:PORT, such as 127.0.0.1:4001 or 0.0.0.0:4001")
    return host.strip("[]"), int(port)


def _serve_metrics(metrics: Metrics, port: int, stack: ExitStack) -> None:
    try:
        server = MetricsServer(metrics.text, port)
    except (OSError, OverflowError) as error:
        raise BadInput(f"metrics cannot listen on port {port} ({error}): choose another") from error
    server.start()
    stack.callback(server.close)
    log.info("metrics at %s", server.url)


def _greet(member: Member, node: Node) -> None:
    me = node.me
    view = me.relay.view()
    log.info("relay %s of task %s, head v%d", me.relay.rounds.address, me.relay.task_name, view.head.version)
    log.info("wallet %s, blobs at %s, files in %s", me.address, me.url, member.home.path)
    log.info("%d cases to train with, %d to test with", len(me.share.train), len(me.share.held_out))


def _take_leave(last: Standing | None) -> None:
    if last is not None and last.has_left:
        log.info("this wallet has left the relay: derelay leave takes the bond back when it is time")
    elif last is not None and last.at_stake is not None:
        log.warning("stopped; start it again soon: it loses %s", last.at_stake)
    else:
        log.info("stopped; nothing is due from it")
