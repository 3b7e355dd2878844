"""A small relay, one node of which is a process that can be killed."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

import torch

from crash.line import answer
from crash.mortal import live
from derelay.baton.root import root_cid
from derelay.baton.sealing import sealed_links
from derelay.chain.embedded import EmbeddedChain
from derelay.learn.split import split
from derelay.learn.tasks.digits import Digits
from derelay.local.cast import assemble
from derelay.local.clock import pass_time
from derelay.node.journal import Journal
from derelay.node.stopwatch import Stopwatch
from derelay.node.strategy import Honest
from derelay.rules.parameters import OPEN
from derelay.rules.phases import Phase
from devnets import MovableChain

PARAMETERS = replace(OPEN, seats=4, voters=4)
"""As many seats as there are people who do not train: whoever is drawn, the victim is among them."""
PEOPLE = 5
VICTIM = 0
TURNS = (1, 2, VICTIM, 3, 4)
"""The order in which they act: the victim's place is one at which it closes windows and works off steps."""
ROUNDS = 2
SEED = 11
NEW_KEY = bytes(range(1, 33))
PATIENCE = 300
"""Seconds until a process that says nothing counts as hung."""


class Step(NamedTuple):
    """Where the victim stands: in which turn of the world, at what, how often it has passed that in it."""

    turn: int
    where: str
    again: int


Fate = Callable[[Step], bool]
"""Returns whether the victim dies where it stands."""


class Brief(Digits):
    """Digits, trained for a moment."""

    steps = 8


class Fixed(Honest):
    """Trains in given rounds."""

    def __init__(self, *rounds: int) -> None:
        object.__setattr__(self, "_rounds", rounds)

    def enters(self, number: int, verdicts: object) -> bool:
        return number in self._rounds


STRATEGIES = (Fixed(1), Fixed(1, 2), Fixed(), Fixed(), Fixed())


@dataclass(frozen=True)
class Outcome:
    """All that a run leaves.

    Attributes
    ----------
    block
        Hash of the last block: two runs with the same one have had the same transactions, to the bit, in the
        same order at the same time.
    blobs
        By participant, the names of the blocks in its store.
    orphans
        Blocks in the victim's store that neither the chain nor its journal knows of.
    version
        Of the head.
    failures
        Transactions that are in a block and failed.
    steps
        How many gradient steps the victim says it has trained.
    deaths
        How often the victim was killed.
    """

    block: bytes
    blobs: tuple[tuple[str, ...], ...]
    orphans: frozenset[str]
    version: int
    failures: int
    steps: int
    deaths: int

    def is_like(self, other: Outcome) -> bool:
        """Return whether two runs left the same to the bit, however often the victim died."""
        return replace(self, deaths=0) == replace(other, deaths=0)


class World:
    """Two rounds of five: the victim founds the relay, serves, trains, is pooled, serves, tests and votes.

    Then it registers a new key, and everybody withdraws.

    Parameters
    ----------
    chain
        One that moves when told to: embedded, or anvil's.
    dies
        Where the victim dies.
    forgetful
        Whether what it draws anew after a death is other than it was: salts and keys. Otherwise two runs can
        be compared to the bit.
    """

    def __init__(
        self, folder: Path, chain: EmbeddedChain | MovableChain, dies: Fate, forgetful: bool = False
    ) -> None:
        self._folder = folder
        self._dies = dies
        self._forgetful = forgetful
        task = Brief()
        shares = split(task.cases()[0], PEOPLE, 1.0, torch.Generator().manual_seed(SEED))
        self._chain = chain
        self._cast = assemble(self._chain, task, shares, (), PARAMETERS, SEED, folder, Stopwatch())
        for node, strategy in zip(self._cast.nodes, STRATEGIES, strict=True):
            node.me.strategy = strategy
        self._like = self._cast.nodes[VICTIM]
        self._like.me.journal.close()  # from here on the process's own
        self._home = folder / self._cast.names[self._like.me.address]
        self._process: multiprocessing.process.BaseProcess | None = None
        self._pipe: Connection
        self._turns = self._steps = self._deaths = 0

    def run(self) -> Outcome:
        """Play, the victim coming back each time it dies."""
        relay = self._cast.relay
        try:
            while not (relay.view().phase is Phase.REST and relay.view().round.number == ROUNDS):
                if self._turn("step"):
                    self._chain.mine()
                else:
                    pass_time(self._chain, relay.view())
            self._rotate()
            for what in ("step", "withdraw"):
                self._turn(what)
                self._chain.mine()
        finally:
            if self._process is not None:
                self._kill()
        return self._outcome()

    def _rotate(self) -> None:
        """Give the victim a new encryption key while it is not running, as people do."""
        self._kill()
        journal = Journal(self._home / "journal.sqlite")
        journal.add_encryption_key(NEW_KEY)
        journal.close()

    def _turn(self, what: str) -> bool:
        """Let everyone do something; return whether any transaction was handed in."""
        self._turns += 1
        before = self._handed_in()
        for place in TURNS:
            if place == VICTIM:
                while not self._survives(what):
                    self._deaths += 1
            else:
                getattr(self._cast.nodes[place], what)()
        return self._handed_in() > before

    def _handed_in(self) -> int:
        return sum(self._chain.nonce(node.me.address) for node in self._cast.nodes)

    def _survives(self, what: str) -> bool:
        """Let the victim do something; return whether it lived to the end of it."""
        if self._process is None:
            self._start()
            self._attend()
        self._pipe.send(what)
        return self._attend()

    def _attend(self) -> bool:
        """Answer the victim until it waits for something to do; return whether it lived to that moment."""
        passed: Counter[str] = Counter()
        while self._pipe.poll(PATIENCE):
            kind, *rest = self._pipe.recv()
            if kind == "chain":
                self._pipe.send(answer(self._chain, *rest))
            elif kind == "ready":
                (self._steps,) = rest
                return True
            elif self._dies(Step(self._turns, rest[0], passed[rest[0]])):
                self._kill()
                return False
            else:
                passed[rest[0]] += 1
                self._pipe.send(None)
        raise AssertionError(f"the victim says nothing for {PATIENCE} seconds")

    def _start(self) -> None:
        fork = multiprocessing.get_context("fork")  # at once, with all modules loaded
        self._pipe, theirs = fork.Pipe()
        life = self._deaths if self._forgetful else 0
        self._process = fork.Process(target=live, args=(theirs, self._home, self._like, life), daemon=True)
        self._process.start()
        theirs.close()

    def _kill(self) -> None:
        assert self._process is not None
        assert self._process.pid is not None
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.join()
        self._process = None

    def _outcome(self) -> Outcome:
        homes = [self._folder / name for name in self._cast.names.values()]
        blobs = tuple(tuple(sorted(file.name for file in home.glob("blocks/?/b*"))) for home in homes)
        return Outcome(
            block=self._chain.block_hash(self._chain.height()),
            blobs=blobs,
            orphans=frozenset(blobs[VICTIM]) - self._known(),
            failures=self._failures(),
            version=self._cast.relay.view().head.version,
            steps=self._steps,
            deaths=self._deaths,
        )

    def _failures(self) -> int:
        w3 = self._chain.w3
        blocks = [w3.eth.get_block(height) for height in range(self._chain.height() + 1)]
        sent = [transaction for block in blocks for transaction in block["transactions"]]
        return [w3.eth.get_transaction_receipt(each)["status"] for each in sent].count(0)

    def _known(self) -> set[str]:
        """Return the names of the blocks that anyone was granted, or that the victim has a key of."""
        store = self._like.me.store
        contents = {event.values["content"] for event in self._cast.relay.history.named("KeyGranted")}
        with closing(sqlite3.connect(self._home / "journal.sqlite")) as journal:
            contents |= {content for (content,) in journal.execute("SELECT content FROM keys")}
        roots = [root for root in map(root_cid, contents) if store.has(root)]
        links = [link for root in roots for link in sealed_links(store.get(root), self._like.me.layout)]
        return {str(cid) for cid in (*roots, *links)}
