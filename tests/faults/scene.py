"""A relay of real nodes on a real chain: what a case hurts, and watches."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from eth_typing import ChecksumAddress

from derelay.chain.chain import ChainError
from derelay.chain.connect import connect
from derelay.chain.endpoint import Endpoint
from derelay.chain.relay import Relay
from derelay.chain.rpc_format import quantity
from derelay.chain.view import View
from derelay.local.devnet import Devnet
from derelay.local.network_folders import found, prepare
from derelay.rules.phases import Phase
from faults.case import BrokenError, Tell
from faults.process import Node
from faults.terms import Terms
from faults.traces import Traces

LOOK_SECONDS = 0.1
START_SECONDS = 120
"""In which all nodes must be there, also on a busy machine."""
STANDSTILL_SECONDS = 90
"""Without a new phase, after which a relay stands still: longer than a window and all turns at closing it."""
MOST_SECONDS = 600
"""After which what does not come counts as not coming."""
_END = len(Phase)


@dataclass(frozen=True)
class Fault:
    """Something that was done to a relay: when by the chain's clock, in which round and phase, and what."""

    at: int
    round: int
    phase: Phase
    what: str


class Scene:
    """A devnet, a relay on it, and its nodes; a context manager, none of whose processes outlives it.

    Parameters
    ----------
    folder
        Empty; gets a folder for each node.
    arrange
        Called when relay and nodes are there and none has started: for wires, arguments and twists.

    Attributes
    ----------
    nodes
        By address.
    faults
        What was done, in order.
    faulted
        Who was kept from its duties for longer than a window: from these the rules may take.
    traces
        What its processes used and left.
    """

    def __init__(
        self,
        folder: Path,
        tell: Tell,
        terms: Terms | None = None,
        arrange: Callable[[Scene], None] = lambda scene: None,
    ) -> None:
        self.folder = folder
        self.tell = tell
        self.terms = terms or Terms()
        self.nodes: dict[ChecksumAddress, Node] = {}
        self.faults: list[Fault] = []
        self.faulted: set[ChecksumAddress] = set()
        self._arrange = arrange
        self._up: set[Node] = set()

    def __enter__(self) -> Self:
        self.devnet = self._chain(0)
        self.traces = Traces(self.devnet.keys())
        try:
            prepared = prepare(self.terms, self.devnet.url, self.devnet.keys(), self.folder)
            invitation = found(self.terms, prepared)
            self.relay = Relay(connect(self.devnet.url), invitation.rounds, invitation.block)
            for place, (who, node) in enumerate(zip(self.devnet.addresses(), prepared, strict=True), 1):
                self.nodes[who] = Node(node.name, node.folder, node.metrics_port, f"127.0.1.{place}")
            self._arrange(self)
            self.start(self.nodes)
            self.wait(self._all_are_there, "all nodes to offer to maintain", START_SECONDS)
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all processes."""
        self.stop()
        self.devnet.close()

    def stop(self) -> None:
        """Tell the nodes that run to stop, and wait for them; the chain goes on."""
        for node in self._up:
            self.traces.note(node)
            node.tell_to_stop()
        for node in self._up:
            node.wait()
        self._up.clear()

    # ---- what is done to it

    def kill(self, *whom: ChecksumAddress) -> None:
        """End nodes without warning, all at once."""
        for who in whom:
            self.traces.note(self.nodes[who])
        for who in whom:
            self.nodes[who].kill()
            self._up.discard(self.nodes[who])

    def start(self, whom: Iterable[ChecksumAddress]) -> None:
        """Start nodes, or start them again."""
        for who in whom:
            self.nodes[who].start()
            self._up.add(self.nodes[who])

    def kill_chain(self) -> None:
        """End the chain's process without warning."""
        self.devnet.kill()

    def start_chain(self) -> int:
        """Start the chain again where its state was kept last; return its height."""
        self.devnet = self._chain(int(self.devnet.url.rpartition(":")[2]))
        return Endpoint(self.devnet.url).ask(quantity, "eth_blockNumber")

    def note(self, what: str) -> None:
        """Write down that something is done now."""
        view = self.relay.view()
        self.faults.append(Fault(view.now, view.round.number, view.phase, what))
        self.tell(f"round {view.round.number} {view.phase.name.lower()}: {what}")

    # ---- what is seen of it

    def reach(self, number: int, phase: Phase) -> View:
        """Wait until a round has come to a phase, or is past it; the rest after a round is its last phase."""
        aim = number, phase or _END
        self.wait(
            lambda: (self.relay.view().round.number, self.relay.view().phase or _END) >= aim,
            f"{phase.name.lower()} of round {number}",
        )
        return self.relay.view()

    def wait(self, until: Callable[[], bool], what: str, most: float = MOST_SECONDS) -> None:
        """Wait for something; a chain that does not answer is waited for, too.

        Raises
        ------
        BrokenError
            If it does not come in so many seconds, if the relay stands still, or if a node ends by itself.
        """
        began = moved = time.monotonic()
        phase = None
        while time.monotonic() < min(began + most, moved + STANDSTILL_SECONDS):
            with suppress(ChainError):  # away just now
                if until():
                    return
                round = self.relay.view().round
                if (round.number, round.phase) != phase:
                    phase, moved = (round.number, round.phase), time.monotonic()
            self.look_after()
            time.sleep(LOOK_SECONDS)
        words = "\n".join(f"{node.name}: {node.last_words()}" for node in self.nodes.values())
        raise BrokenError(f"waited {time.monotonic() - began:.0f} s for {what}, in vain:\n{words}")

    def pause(self, seconds: float) -> None:
        """Let time pass."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.look_after()
            time.sleep(LOOK_SECONDS)

    def look_after(self) -> None:
        """Look at the nodes that should run.

        Raises
        ------
        BrokenError
            If one has ended by itself.
        """
        for node in self._up:
            if not node.is_alive:
                raise BrokenError(f"node {node.name} ended by itself; it said last:\n{node.last_words()}")
            self.traces.sample(node)

    def names(self, whom: Iterable[ChecksumAddress]) -> str:
        """Return the names of nodes, for people."""
        return ", ".join(self.nodes[who].name for who in whom)

    # ---- inside

    def _chain(self, port: int) -> Devnet:
        state = self.folder / "chain.json" if self.terms.keeps_chain else None
        return Devnet(port, state, self.terms.pace, self.terms.nodes)

    def _all_are_there(self) -> bool:
        return all(self.relay.member(who).place for who in self.nodes)
