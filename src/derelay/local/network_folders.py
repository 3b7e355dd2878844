"""Folders of nodes that share this machine, each with a wallet, cases and settings; and their relay."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from eth_account import Account

from derelay.chain.invitation import Invitation
from derelay.learn.archive import write_cases
from derelay.learn.cases import Cases
from derelay.learn.loading import load_task
from derelay.learn.split import split
from derelay.local.names import NAMES
from derelay.local.network_setting import NetworkError, Setting
from derelay.local.node_process import ONE_THREAD, NodeProcess

ALPHA = 1.0
"""How unevenly the data are shared out: see `derelay.learn.split.split`."""
PASSWORD = "devnet"


def prepare(setting: Setting, chain: str, keys: Sequence[bytes], folder: Path) -> list[NodeProcess]:
    """Write each node's folder, with its wallet, cases and settings; return the nodes, not yet started.

    Raises
    ------
    TaskError
        If the task cannot be loaded.
    NetworkError
        If it has too few cases for so many nodes.
    """
    pool = load_task(setting.task).cases()[0]
    try:
        shares = split(pool, setting.nodes, ALPHA, torch.Generator().manual_seed(setting.seed))
    except ValueError as error:
        raise NetworkError(f"task {setting.task}: {error}") from error
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
            "task": setting.task_here,
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


def found(setting: Setting, nodes: Sequence[NodeProcess]) -> Invitation:
    """Let the first node create the relay, and invite all.

    Raises
    ------
    NetworkError
        If that fails.
    """
    command = [sys.executable, "-m", "derelay", "create", setting.task_here, "--json"]
    done = subprocess.run(
        [*command, "--config", NodeProcess.SETTINGS, *setting.terms()],
        cwd=nodes[0].folder,
        env=os.environ | ONE_THREAD,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NetworkError(f"the relay could not be created: {done.stderr.strip()}")
    invitation = json.loads(done.stdout)["invitation"]
    for node in nodes:
        with (node.folder / NodeProcess.SETTINGS).open("a") as file:
            file.write(f"invitation = {json.dumps(invitation)}\n")
    return Invitation.read(invitation)


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
