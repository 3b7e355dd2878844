"""A node in a process of its own, that says before and after each thing that lasts that it stands there."""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import shake_256
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from multiformats import CID

from crash.line import DistantChain
from derelay.chain.contract import function_of
from derelay.chain.outbox import Signed
from derelay.chain.relay import Relay
from derelay.node.journal import Journal
from derelay.node.node import Node
from derelay.node.participant import Participant
from derelay.rules.phases import Phase
from derelay.store.directory import DirectoryStore

SEED_BYTES = 7
"""Of the seed of a leg."""

Step = Callable[[str], None]
"""Told where the process stands; does not return if it dies there."""


class MortalChain(DistantChain):
    """Can die before and after each transaction that it hands in."""

    def __init__(self, pipe: Connection, step: Step) -> None:
        super().__init__(pipe)
        self._step = step

    def submit(self, raw: bytes) -> bytes:
        name = function_of(bytes(Signed(0, raw, None, 0, 0).fields["data"]))
        self._step(f"before handing in {name}")
        transaction = super().submit(raw)
        self._step(f"after handing in {name}")
        return transaction


class MortalJournal(Journal):
    """Can die before and after each writing."""

    def __init__(self, path: Path, step: Step) -> None:
        self._step = step
        super().__init__(path)

    def _run(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        if not statement.startswith(("INSERT", "UPDATE", "DELETE")):
            return super()._run(statement, *values)
        name = _written(statement, values)
        self._step(f"before writing {name}")
        found = super()._run(statement, *values)
        self._step(f"after writing {name}")
        return found


class MortalStore(DirectoryStore):
    """Can die before, within and after keeping a block."""

    def __init__(self, path: Path, step: Step) -> None:
        super().__init__(path)
        self._step = step

    def _keep(self, cid: CID, block: bytes | memoryview, durable: bool) -> None:
        self._step("before keeping a block")
        super()._keep(cid, block, durable)
        self._step("after keeping a block")


class Repeatable:
    """Random bytes by the phase in which, and how many, are asked for: the same in each life, or in none.

    The secret of an entry and the seed of its training are the same in any case: what is drawn and what is
    learned hangs on them. Keys and salts hang on nothing.
    """

    def __init__(self, relay: Relay, life: int) -> None:
        self._relay = relay
        self._life = life

    def __call__(self, length: int) -> bytes:
        view = self._relay.view()
        life = 0 if view.phase <= Phase.ENTER or length == SEED_BYTES else self._life
        return shake_256(f"{view.round.number} {view.phase} {length} {life}".encode()).digest(length)


def live(pipe: Connection, home: Path, like: Node, life: int) -> None:
    """Be a node, made of what is on disk and on chain alone, that takes a turn whenever it is told to.

    Parameters
    ----------
    like
        Whose wallet, data and strategy it has; nothing else of it is used.
    life
        Of what it draws: see `Repeatable`.
    """

    def step(where: str) -> None:
        pipe.send(("step", where))
        pipe.recv()

    _rename_in_two(step)
    relay = Relay(MortalChain(pipe, step), like.me.relay.rounds.address)
    node = Node(
        Participant(
            relay=relay,
            wallet=like.me.wallet,
            task=like.me.task,
            share=like.me.share,
            strategy=like.me.strategy,
            store=MortalStore(home / "blocks", step),
            peers=like.me.peers,
            url=like.me.url,
            journal=MortalJournal(home / "journal.sqlite", step),
            entropy=Repeatable(relay, life),
        )
    )
    while True:
        pipe.send(("ready", node.me.steps))
        getattr(node, pipe.recv())()


def _rename_in_two(step: Step) -> None:
    """Let the process die between writing a file and giving it its name."""
    whole = os.replace

    def replace(source: Any, target: Any) -> None:
        step("while keeping a block")
        whole(source, target)

    os.replace = replace


def _written(statement: str, values: tuple[Any, ...]) -> str:
    words = statement.split()
    if words[0] != "INSERT":
        return f"{words[0].lower()} of {'signed' if 'signed' in words else 'facts'}"
    table = words[words.index("INTO") + 1]
    if table == "facts":
        return str(values[1])
    return f"{table} {_kind(values[3])}" if table == "signed" else table


def _kind(action: str) -> str:
    """Return an action without what differs from one run to the next."""
    words = action.split()
    return " ".join(words[:2]) if words[0] in ("close", "advance", "rotate", "raise") else words[0]
