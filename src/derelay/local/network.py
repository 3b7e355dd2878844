"""A whole network on this machine: a devnet and its nodes, each a process, by the commands people use."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from derelay.chain.connect import connect
from derelay.chain.relay import Relay
from derelay.local.devnet import Devnet
from derelay.local.network_folders import found, free_ports, prepare
from derelay.local.network_result import NetworkResult, Scrape, rounds_of
from derelay.local.network_setting import NetworkError, Setting
from derelay.local.node_process import NodeProcess
from derelay.node.closer import is_due
from derelay.node.stop import Stop
from derelay.rules.phases import Phase

LOOK_SECONDS = 0.25
STANDSTILL_BLOCKS = 120
"""Without a new phase, after which a network counts as stopped."""
START_SECONDS = 600
"""In which nodes must have started."""


class Network:
    """A devnet and nodes; a context manager, all of whose processes have ended when it is left.

    Parameters
    ----------
    folder
        Gets a folder for each node; must be there, and empty.

    Raises
    ------
    NetworkError
        If the relay cannot be created.
    DevnetError
        If there is no anvil.
    """

    def __init__(self, setting: Setting, folder: Path) -> None:
        self.setting = setting
        self._folder = folder
        self.nodes: list[NodeProcess] = []
        self._scrapes: dict[int, Scrape] = {}
        self._started = 0.0
        self._starting = 0.0

    def __enter__(self) -> Self:
        setting = self.setting
        ports = free_ports(setting.first_port)
        self.devnet = Devnet(next(ports), None, setting.pace, setting.nodes)
        try:
            self.nodes = prepare(setting, self.devnet.url, self.devnet.keys(), self._folder)
            invitation = found(setting, self.nodes)
            self.relay = Relay(connect(self.devnet.url), invitation.rounds, invitation.block)
            self._started = time.monotonic()
            for node in self.nodes:
                node.start()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def _close(self) -> None:
        for node in self.nodes:
            node.tell_to_stop()
        for node in self.nodes:
            if node.is_alive:
                node.wait()
        self.devnet.close()

    def run(
        self,
        heads: int | None,
        rounds: int,
        stop: Stop,
        watch: Callable[[Relay], None] = lambda relay: None,
    ) -> NetworkResult:
        """Let the nodes work until so many heads are accepted, so many rounds are over, or ``stop`` is set.

        Parameters
        ----------
        heads
            None for as many as the rounds bring.
        watch
            Called at each look at the chain.

        Raises
        ------
        NetworkError
            If a node ends by itself, or nothing happens any more.
        """
        seen: tuple[int, Phase] | None = None
        since = time.monotonic()
        while not stop.is_set():
            view = self.relay.view()
            watch(self.relay)
            if (phase := (view.round.number, view.phase)) != seen:
                seen, since = phase, time.monotonic()
            self._look_at_nodes(view.round.number, view.phase)
            if view.phase is Phase.REST and view.round.number in self._scrapes and is_due(view):
                accepted = len(self.relay.history.named("HeadChanged"))
                if view.round.number >= rounds or (heads is not None and accepted >= heads):
                    break  # the head is handed on
            if time.monotonic() - since > self._patience():
                raise NetworkError(self._standstill(view.round.number, view.phase))
            stop.wait(LOOK_SECONDS)
        return self.result()

    def result(self) -> NetworkResult:
        """Return what there is to tell of the rounds that are over."""
        setting = self.setting
        least = sum(self.relay.parameters.window_seconds)
        rounds = rounds_of(self.relay, self._scrapes)
        return NetworkResult(setting.nodes, setting.seats, least, self._starting, rounds)

    def _look_at_nodes(self, number: int, phase: Phase) -> None:
        for node in self.nodes:
            if not node.is_alive:
                raise NetworkError(f"node {node.name} ended by itself; it said last:\n{node.last_words()}")
        if number == 0 and phase is Phase.REST:
            return
        if 0 not in self._scrapes:
            self._starting = time.monotonic() - self._started
            self._scrapes[0] = [{} for _ in self.nodes]
        if phase is Phase.REST and number not in self._scrapes:
            self._scrapes[number] = [self._scrape(node) for node in self.nodes]

    def _scrape(self, node: NodeProcess) -> dict[str, float]:
        with suppress(OSError):
            return node.metrics()
        return {}

    def _patience(self) -> float:
        return STANDSTILL_BLOCKS * self.setting.pace if self._scrapes else START_SECONDS

    def _standstill(self, number: int, phase: Phase) -> str:
        said = "\n".join(f"{node.name}: {node.last_words()}" for node in self.nodes)
        return f"round {number} stands still in {phase.name} too long:\n{said}"
