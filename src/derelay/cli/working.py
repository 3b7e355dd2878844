"""A node at work, shown and measured."""

from __future__ import annotations

import logging
from contextlib import ExitStack

from rich.console import Console

from derelay.cli.assembly import check_addresses, chores_of, guests_of, make_node
from derelay.cli.errors import BadInput
from derelay.cli.live import Live
from derelay.cli.logs import start_logging
from derelay.cli.member import Member, open_member
from derelay.cli.settings import Settings
from derelay.cli.stopping import stopped_by_signals
from derelay.node.metrics import Metrics
from derelay.node.metrics_server import MetricsServer
from derelay.node.node import Node
from derelay.node.service import Service
from derelay.node.standing import Standing

log = logging.getLogger(__name__)


def work(settings: Settings) -> None:
    """Take part in a relay until stopped.

    Raises
    ------
    BadInput
        If a setting is missing or cannot be used.
    """
    check_addresses(settings)
    console = Console(highlight=False)
    start_logging(console, settings.log_format)
    with ExitStack() as stack:
        member = open_member(settings)
        stack.enter_context(member.home.held())
        stop = stack.enter_context(stopped_by_signals())
        guests = guests_of(member)
        node = make_node(member, guests, stack)
        _greet(member, node)
        metrics = Metrics(node, member.home.journal)
        if settings.metrics is not None:
            _serve(metrics, settings.metrics, stack)
        live = stack.enter_context(Live(console, node))

        def watch(standing: Standing) -> None:
            metrics.watch(standing)
            live.show(standing)

        chores = chores_of(member, node, guests, stack)
        Service(node, rounds=settings.rounds, watch=watch, chores=chores).run(stop)
        _take_leave(live.last)


def _greet(member: Member, node: Node) -> None:
    me = node.me
    view = me.relay.view()
    log.info("relay %s of task %s, head v%d", me.relay.rounds.address, me.relay.task_name, view.head.version)
    log.info("wallet %s, blobs at %s, files in %s", me.address, me.url, member.home.path)
    settings = member.settings
    if not (settings.url or settings.publish_to or settings.private_addresses):
        log.warning("others cannot fetch from %s: say by --url where they can, or use --publish-to", me.url)
    log.info("%d cases to train with, %d to test with", len(me.share.train), len(me.share.held_out))


def _serve(metrics: Metrics, port: int, stack: ExitStack) -> None:
    try:
        server = MetricsServer(metrics.text, port)
    except (OSError, OverflowError) as error:
        raise BadInput(f"metrics cannot listen on port {port} ({error}): choose another") from error
    server.start()
    stack.callback(server.close)
    log.info("metrics at %s", server.url)


def _take_leave(last: Standing | None) -> None:
    if last is not None and last.has_left:
        log.info("this wallet has left the relay: derelay leave takes the bond back when it is time")
    elif last is not None and last.at_stake is not None:
        log.warning("stopped; start it again soon: it loses %s", last.at_stake)
    else:
        log.info("stopped; nothing is due from it")
