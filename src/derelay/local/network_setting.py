"""A network to be: how many nodes, under which terms, each with its folder."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from eth_account import Account

from derelay.learn.archive import write_cases
from derelay.learn.cases import Cases
from derelay.learn.split import split
from derelay.learn.task import Task
from derelay.local.names import NAMES
from derelay.local.node_process import NodeProcess

ALPHA = 1.0
"""How unevenly the data are shared out: see `derelay.learn.split.split`."""
PASSWORD = "devnet"
MIN_SEATS = 3
WINDOW_SECONDS = (2, 2, 10, 2, 3, 4, 2, 5)
"""For nodes that share a machine, and models that train in a second or less."""
WINDOW_BLOCKS = (1, 1, 4, 1, 1, 1, 1, 1)


class NetworkError(Exception):
    """A network that does not come about or stands still; the message says where, and what was said last."""


@dataclass(frozen=True)
class Setting:
    """What a network is made from.

    Attributes
    ----------
    nodes
        How many, each a process.
    seats
        Testers of a child.
    first_port
        The first of those that are used, each free one after the other.
    pace
        Seconds between blocks; windows are so many times as long, too.
    """

    nodes: int = 8
    seats: int = 3
    first_port: int = 24_000
    pace: int = 1
    seed: int = 7

    def terms(self) -> list[str]:
        """Return the terms of the relay as options of `derelay create`."""
        terms = {
            "seats": self.seats,
            "min_seats": MIN_SEATS,
            "voters": self.seats,
            "window_seconds": ",".join(str(seconds * self.pace) for seconds in WINDOW_SECONDS),
            "window_blocks": ",".join(map(str, WINDOW_BLOCKS)),
        }
        return [f"--param={name}={value}" for name, value in terms.items()]


def prepare(
    setting: Setting, task: Task, chain: str, keys: Sequence[bytes], folder: Path
) -> list[NodeProcess]:
    """Write each node's folder, with its wallet, cases and settings; return the nodes, not yet started."""
    pool = task.cases()[0]
    shares = split(pool, setting.nodes, ALPHA, torch.Generator().manual_seed(setting.seed))
    ports = free_ports(setting.first_port)
    nodes = []
    for name, key, share in zip(NAMES, keys, shares, strict=False):
        home = folder / name
        home.mkdir()
        (home / "password").write_text(f"{PASSWORD}\n")
        # a devnet's keys are known to all: two iterations instead of a second's worth
        (home / "wallet.json").write_text(json.dumps(Account.encrypt(key, PASSWORD, iterations=2)))
        write_cases(Cases.concat([share.train, share.held_out]), home / "cases.npz")
        metrics = next(ports)
        settings = {
            "chain": chain,
            "wallet": "wallet.json",
            "password_file": "password",
            "data": "cases.npz",
            "folder": "node",
            "listen": f"127.0.0.1:{next(ports)}",
            "private_addresses": True,
            "maintain": True,
            "metrics": metrics,
            "log_format": "json",
        }
        lines = [f"{name} = {json.dumps(value)}\n" for name, value in settings.items()]
        (home / NodeProcess.SETTINGS).write_text("".join(lines))
        nodes.append(NodeProcess(name, home, metrics))
    return nodes


def invite(nodes: Sequence[NodeProcess], invitation: str) -> None:
    """Add the invitation to the settings of all."""
    for node in nodes:
        with (node.folder / NodeProcess.SETTINGS).open("a") as file:
            file.write(f"invitation = {json.dumps(invitation)}\n")


def free_ports(first: int) -> Iterator[int]:
    """Yield the ports from ``first`` on that nobody listens on."""
    for port in range(first, 1 << 16):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        yield port
    raise NetworkError(f"no port from {first} on is free: name a lower first port")
