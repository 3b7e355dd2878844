"""A strategy for a node that is a process of its own."""

from __future__ import annotations

from typing import Any

from eth_typing import ChecksumAddress

from derelay.cli import working
from derelay.node.node import Node
from faults.strategies.cast import strategy_for
from faults.strategies.player import Party


def play_as(name: str, friends: frozenset[ChecksumAddress]) -> None:
    """Let `derelay join` play a strategy in this process; no option of it does."""
    make = working.make_node

    def make_player(*arguments: Any) -> Node:
        node = make(*arguments)
        node.me.strategy = strategy_for(name, node.me, Party(friends))
        return node

    working.make_node = make_player
