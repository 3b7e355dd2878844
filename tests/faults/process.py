"""A node as a process that is there at once: forked from one that has loaded what all nodes load."""

from __future__ import annotations

import multiprocessing
import os
import socket
import sys
from collections.abc import Callable, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from derelay.local.node_process import ONE_THREAD, STOP_SECONDS, NodeProcess

_LOADED = (
    "faults.nursery",
    "derelay.cli.working",
    "derelay.learn.loading",
    "sklearn.datasets",
    "faults.process",
)

Twist = Callable[[], None]
"""Changes a node's process from inside before it begins: a strategy, a clock. A function of a module."""


class Node(NodeProcess):
    """``derelay join`` in a folder of its own, reached at, and reaching others from, an address of its own.

    The command is the one that people use. Only that its modules are loaded is inherited, which saves two
    seconds of work each time a node is started again. All else it reads from its folder and from the chain.

    Attributes
    ----------
    host
        Loopback address that its connections come from, so that a wire knows who asks.
    arguments
        More options of ``derelay join``.
    twist
        See `Twist`; None for a node as it is.
    """

    def __init__(self, name: str, folder: Path, metrics_port: int, host: str) -> None:
        super().__init__(name, folder, metrics_port)
        self.host = host
        self.arguments: Sequence[str] = ()
        self.twist: Twist | None = None
        self._forked: ForkServerProcess | None = None

    @property
    def pid(self) -> int:
        """Of the process that was started last."""
        assert self._forked is not None
        assert self._forked.pid is not None
        return self._forked.pid

    def start(self) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(list(_LOADED))
        os.environ.update(ONE_THREAD)  # the first start starts the server, which inherits them
        arguments = ["join", "--config", self.SETTINGS, *self.arguments]
        self._forked = context.Process(
            target=_join, args=(self.folder, self.log, self.host, arguments, self.twist)
        )
        self._forked.start()

    @property
    def is_alive(self) -> bool:
        return self._forked is not None and self._forked.is_alive()

    def tell_to_stop(self) -> None:
        if self._forked is not None and self.is_alive:
            self._forked.terminate()

    def wait(self) -> int:
        assert self._forked is not None
        self._forked.join(STOP_SECONDS)
        return self.kill() if self._forked.is_alive() else self._exit()

    def kill(self) -> int:
        assert self._forked is not None
        self._forked.kill()
        self._forked.join()
        return self._exit()

    def _exit(self) -> int:
        assert self._forked is not None
        assert self._forked.exitcode is not None
        return self._forked.exitcode


def _join(folder: Path, log: Path, host: str, arguments: Sequence[str], twist: Twist | None) -> None:
    """Be a node, in a process that has just been forked."""
    from derelay.cli import main
    from faults.nursery import die_with_parent

    die_with_parent()
    os.setsid()
    os.chdir(folder)
    with log.open("ab") as said:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(said.fileno(), stream.fileno())
    _connect_from(host)
    if twist is not None:
        twist()
    sys.argv = ["derelay", *arguments]
    main()


def _connect_from(host: str) -> None:
    connect = socket.socket.connect

    def connect_from_host(self: socket.socket, where: object) -> None:
        if self.family == socket.AF_INET and self.getsockname()[1] == 0:
            self.setsockopt(socket.IPPROTO_IP, socket.IP_BIND_ADDRESS_NO_PORT, 1)
            self.bind((host, 0))
        connect(self, where)  # type: ignore[arg-type]

    socket.socket.connect = connect_from_host  # type: ignore[method-assign, assignment]
