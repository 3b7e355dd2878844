"""What a node has: its place on the chain, its data, its batons, its memory."""

from __future__ import annotations

import logging
import math
import time
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from eth_typing import ChecksumAddress

from derelay.baton.baton import Baton
from derelay.baton.codec import Form
from derelay.baton.errors import SealError
from derelay.baton.keys import SEALED_KEY_BYTES, Entropy, seal_key
from derelay.baton.layout import Layout
from derelay.chain.chain import ChainError
from derelay.chain.contract import Contract
from derelay.chain.outbox import Errand
from derelay.chain.relay import Relay
from derelay.chain.rpc_errors import UnreachableError
from derelay.chain.sender import Sender
from derelay.chain.view import View
from derelay.chain.wallet import Wallet
from derelay.learn.cases import Share
from derelay.learn.task import Task
from derelay.node.journal import Journal
from derelay.node.keyring import Keyring
from derelay.node.once import Once
from derelay.node.shelf import Peers, Shelf
from derelay.node.stopwatch import Stopwatch
from derelay.node.strategy import Strategy
from derelay.node.ways import Ways
from derelay.rules.commitment import Context
from derelay.store.store import Store

MAX_TRIES = 3
"""How often an action is sent in one phase if its transactions fail."""

TURN_SHARE = 8
"""The part of a window that one turn may move blocks for: nobody must miss its duty for a slow holder."""


@dataclass
class Participant:
    """One participant of a relay, with all that its duties work with."""

    relay: Relay
    wallet: Wallet
    task: Task
    share: Share
    strategy: Strategy
    store: Store
    peers: Peers
    url: str
    journal: Journal
    entropy: Entropy
    holders: tuple[str, ...] = ()
    """Addresses to ask for blobs after those that the chain names."""
    stopwatch: Stopwatch = field(default_factory=Stopwatch)
    turn_ends: float = math.inf
    """When to stop moving blocks, by `time.monotonic`, and look at the chain again."""
    steps: int = field(init=False)
    """Gradient steps that it has trained in this relay."""
    _number: int | None = field(default=None, repr=False)
    _opened_block: int = field(default=0, repr=False)

    def __post_init__(self) -> None:
        self.steps = self.journal.steps()

    @property
    def address(self) -> ChecksumAddress:
        """The wallet's address, by which the chain knows it."""
        return self.wallet.address

    @cached_property
    def sender(self) -> Sender:
        """What sends its transactions, each in the journal first."""
        return Sender(self.relay.chain, self.wallet, self.journal.outbox)

    @cached_property
    def log(self) -> logging.Logger:
        """Where it says what it does."""
        return logging.getLogger(f"derelay.node.{self.address[:8]}")

    @cached_property
    def keyring(self) -> Keyring:
        """The keys that keys of batons are sealed to."""
        return Keyring(self.journal, self.entropy)

    @cached_property
    def encryption_public(self) -> bytes:
        """The public key that it registers."""
        return self.keyring.public

    @cached_property
    def once(self) -> Once:
        """What warns of the same thing once a round."""
        return Once(self.log)

    @cached_property
    def shelf(self) -> Shelf:
        """The batons that it holds."""
        ways = Ways(self.relay, self.address, self.keyring, self.holders, self.once)
        return Shelf(self.task, self.store, self.journal, ways, self.url)

    @property
    def layout(self) -> Layout:
        """What the task's model looks like: names, dtypes and shapes of its tensors."""
        return self.shelf.layout

    def look(self) -> View:
        """Return the relay as of the newest block; until the next look it acts in the round seen here."""
        view = self.relay.view()
        self._number, self._opened_block = view.round.number, view.round.opened_block
        self.turn_ends = time.monotonic() + moving_seconds(view)
        return view

    @property
    def number(self) -> int:
        """The round that it acts in."""
        return self.look().round.number if self._number is None else self._number

    def context(self) -> Context:
        """Return what its commitments in this round are bound to."""
        return self.relay.context(self.number, self.address)

    # ---- sending

    def act(
        self, action: str, contract: Contract, function: str, *args: Any, value: int = 0, gas: int
    ) -> bool:
        """Send a transaction for an action of this round, unless one took effect, waits, or too many failed.

        What failed before this phase began does not count: a reorganization can take a transaction into a
        block of another phase, where it has to fail.

        Returns
        -------
        bool
            Whether one was sent.
        """
        errand = Errand(self.number, action)
        if not self.strategy.sends(function):
            return False
        fate = self.sender.fate(errand)
        failures = [failure for failure in fate.failures if failure.block > self._opened_block]
        if fate.is_done or fate.waits or len(failures) >= MAX_TRIES:
            return False
        if fate.failures:
            self.log.warning("%s failed in round %d: %s", action, errand.round, fate.failures[-1].reason)
        data = contract.encode(function, *args)
        try:
            self.sender.send(contract.address, data, value=value, gas=gas, errand=errand)
        except UnreachableError:
            raise
        except ChainError as error:  # too little money, for instance: other duties go on
            self.once.warn(errand, f"{action} cannot be sent in round {errand.round}: {error}")
            return False
        self.log.info("%s in round %d", action, errand.round)
        return True

    def forget(self, before: int) -> None:
        """Forget what was written down for rounds before a round, unless something may still come of it."""
        self.once.forget()
        self.journal.forget(before)
        self.sender.forget(before)

    def note_leg(self, steps: int) -> None:
        """Count the gradient steps of this round's leg, once."""
        self.journal.note_leg(self.number, steps)
        self.steps = self.journal.steps()

    # ---- batons

    def make(self, state: dict[str, Any], parents: list[bytes], version: int) -> Baton:
        """Make a baton of this task."""
        return Baton.build(
            state,
            task=self.relay.task_name,
            task_hash=self.relay.task_hash,
            parents=parents,
            version=version,
        )

    def shelve(self, baton: Baton, key: bytes, form: Form | None = None) -> bytes:
        """Seal a baton into the store; return its content id. See `Shelf.put`."""
        return self.shelf.put(baton, key, form)

    def baton(self, id: bytes) -> Baton | None:
        """Return a baton, fetched at need while this turn lasts; None if it is not to be had now."""
        return self.shelf.get(id, self.peers, self.turn_ends)

    def key(self, id: bytes) -> tuple[bytes, bytes] | None:
        """Return key and content id of a baton that one made, or was granted and has opened."""
        return self.shelf.key(id)

    def forget_all_but(self, ids: set[bytes]) -> None:
        """Close the batons that are not needed now."""
        self.shelf.forget_all_but(ids)

    def sealed_for(
        self, id: bytes, readers: list[ChecksumAddress], *, whole: bool = False
    ) -> tuple[bytes, list[bytes]]:
        """Return the content id of a baton, and its key sealed to each reader.

        As a change, where one has that form and the whole is not wanted. Zeros stand for the sealed key where
        a reader has registered what nothing can be sealed to: the contract wants one for each, and this one's
        is its own fault.
        """
        if whole:
            self.shelf.keep_whole(id)
        known, change = self.key(id), self.shelf.change(id)
        if known is None:
            raise KeyError(f"no key of baton {id.hex()}")
        key, content = known
        if change is not None and not whole:
            content = change.content
        return content, [self._sealed(key, who) for who in readers]

    def _sealed(self, key: bytes, reader: ChecksumAddress) -> bytes:
        if not self.strategy.shows(reader):
            return bytes(SEALED_KEY_BYTES)
        try:
            return seal_key(key, self.relay.member(reader).key, self.entropy)
        except SealError as error:
            self.log.warning("granting to %s: %s", reader, error)
            return bytes(SEALED_KEY_BYTES)


def moving_seconds(view: View) -> float:
    """Return how long one turn may move blocks; the next one goes on where it stopped.

    From half of a window on, when those who waited do with what they have, all but the last quarter.
    """
    windows = view.parameters.window_seconds
    share = (min(windows) if view.window is None else windows[view.window]) / TURN_SHARE
    mark = view.mark(3, 4)
    if mark is not None and view.is_second_half:
        share = max(share, mark[0] - view.now)
    return max(1.0, share)
