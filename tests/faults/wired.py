"""A scene in which every connection between nodes, and to the chain, goes over a wire."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from eth_typing import ChecksumAddress

from faults.case import Tell
from faults.process import Node
from faults.scene import Scene
from faults.terms import Terms
from faults.wire import Treatment, Wire, untouched


class Wires:
    """One to each node's blobs, and one to the chain; who asks is known by its address.

    Attributes
    ----------
    of
        To the blobs of each node.
    """

    def __init__(self, scene: Scene) -> None:
        self._chain = Wire(_port(scene.devnet.address))
        self.of = {who: Wire(_port(_listens_at(node))) for who, node in scene.nodes.items()}
        self._hosts = {who: node.host for who, node in scene.nodes.items()}
        for who, node in scene.nodes.items():
            node.arguments = ["--url", self.of[who].url, "--chain", self._chain.url]

    def part(self, away: Collection[ChecksumAddress]) -> None:
        """Cut some off from the others and from the chain, which is with the others."""
        hosts = {self._hosts[who] for who in away}
        self._chain.is_cut = hosts.__contains__
        for who, wire in self.of.items():
            is_away = who in away
            wire.is_cut = lambda host, is_away=is_away: (host in hosts) != is_away  # type: ignore[misc]

    def heal(self) -> None:
        """Let everything pass again."""
        self.part(())

    def close(self) -> None:
        """Carry nothing any more."""
        for wire in (self._chain, *self.of.values()):
            wire.close()


@contextmanager
def wired(
    folder: Path, tell: Tell, terms: Terms | None = None, make: Callable[[], Treatment] = lambda: untouched
) -> Iterator[tuple[Scene, Wires]]:
    """Open a scene with wires, each with a treatment of its own from the beginning."""
    laid: list[Wires] = []

    def lay(scene: Scene) -> None:
        laid.append(Wires(scene))
        for wire in laid[0].of.values():
            wire.treatment = make()

    scene = Scene(folder, tell, terms, lay)
    try:
        with scene:
            yield scene, laid[0]
    finally:
        for wires in laid:
            wires.close()


def _listens_at(node: Node) -> str:
    return str(tomllib.loads((node.folder / node.SETTINGS).read_text())["listen"])


def _port(address: str) -> int:
    return int(address.rpartition(":")[2])
