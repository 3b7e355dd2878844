"""What is left of a node when its process dies."""

from __future__ import annotations

from pathlib import Path

from derelay.node.journal import Journal
from derelay.node.node import Node
from derelay.node.participant import Participant
from derelay.store.directory import DirectoryStore


def reborn(node: Node, folder: Path, name: str) -> Node:
    """Return the node as a new process finds it: with its wallet, its journal, its store and the chain."""
    me = node.me
    me.journal.close()
    return Node(
        Participant(
            relay=me.relay,
            wallet=me.wallet,
            task=type(me.task)(),
            share=me.share,
            strategy=me.strategy,
            store=DirectoryStore(folder / name / "blocks"),
            peers=me.peers,
            url=me.url,
            journal=Journal(folder / name / "journal.sqlite"),
            entropy=me.entropy,
        )
    )
