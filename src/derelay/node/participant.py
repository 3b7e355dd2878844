"""What a node has: its place on the chain, its data, its batons, its memory."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from eth_typing import ChecksumAddress

from derelay.baton.baton import Baton
from derelay.baton.blocks import BlockError, Source
from derelay.baton.codec import Form
from derelay.baton.errors import BatonError, SealError
from derelay.baton.keys import SEALED_KEY_BYTES, Entropy, seal_key
from derelay.baton.layout import Layout
from derelay.baton.opening import Bases, Opening, no_bases
from derelay.baton.root import root_cid
from derelay.baton.sealing import seal, sealed_base
from derelay.baton.tensors import State, layout_of
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
from derelay.node.stopwatch import Stopwatch
from derelay.node.strategy import Strategy
from derelay.rules.commitment import Context
from derelay.store.fetch import fetch
from derelay.store.store import Store, StoreError

MAX_TRIES = 3
"""How often an action is sent in one phase if its transactions fail."""

TURN_SHARE = 8
"""The part of a window that one turn may move blocks for: nobody must miss its duty for a slow holder."""

Peers = Callable[[str], Source | None]
"""Returns where to get the blocks that are served at an address; None if nothing is."""


@dataclass(frozen=True)
class Change:
    """A sealed blob that holds a baton as a change to another: its content id, and the other's id."""

    content: bytes
    base: bytes


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
    _opened: dict[bytes, Baton] = field(default_factory=dict, repr=False)
    _keys: dict[bytes, tuple[bytes, bytes]] = field(default_factory=dict, repr=False)
    _changes: dict[bytes, Change] = field(default_factory=dict, repr=False)
    _said: set[Hashable] = field(default_factory=set, repr=False)
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
    def layout(self) -> Layout:
        """What the task's model looks like: names, dtypes and shapes of its tensors."""
        return layout_of(self.task.model().state_dict())

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
            self._warn(errand, f"{action} cannot be sent in round {errand.round}: {error}")
            return False
        self.log.info("%s in round %d", action, errand.round)
        return True

    def forget(self, before: int) -> None:
        """Forget what was written down for rounds before a round, unless something may still come of it."""
        self._said.clear()
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
        """Seal a baton into the store, whole unless a form is given, and remember its key.

        Returns
        -------
        bytes
            Its content id.
        """
        content = seal(baton, key, self.store, form)
        self.journal.keep_key(baton.id, key, content)
        self._keys[baton.id] = key, content
        self._opened[baton.id] = baton
        if form is not None and form.encoding.base:
            self._changes[baton.id] = Change(content, form.encoding.base)
        return content

    def change(self, id: bytes) -> Change | None:
        """Return the form in which a baton was made or granted, if that is a change to another."""
        return self._changes.get(id)

    def keep_whole(self, id: bytes) -> None:
        """Seal whole what one has open, and as a change only: others, and its successors, may need it."""
        change, baton = self._changes.get(id), self._opened.get(id)
        if change is None or baton is None:
            return
        key, content = self._keys[id]
        if content == change.content:
            self.shelve(baton, key)

    def baton(self, id: bytes) -> Baton | None:
        """Return a baton that one holds the key of, fetching and opening it at need.

        None if no key was granted that opens it, or nobody serves it, or it is a change to what is not to
        be had.
        """
        return self._had(id, self._base)

    def _base(self, id: bytes) -> State | None:
        """Return what a baton may be a change to: open, or stored whole, so that no chain is followed."""
        base = self._had(id, no_bases)
        return None if base is None else base.tensors

    def _had(self, id: bytes, bases: Bases) -> Baton | None:
        if id in self._opened:
            return self._opened[id]
        for key, content, urls in self._ways(id):
            opened = self._open(id, key, content, urls, bases)
            if opened is not None:
                self._keys[id] = (key, content)
                self._opened[id] = opened
                base = sealed_base(self.store.get(root_cid(content)), self.layout)
                if base:
                    self._changes[id] = Change(content, base)
                return opened
        return None

    def key(self, id: bytes) -> tuple[bytes, bytes] | None:
        """Return key and content id of a baton that one made, or was granted and has opened.

        Keys of the first kind are in the journal; of the second, on chain.
        """
        return self._keys.get(id) or self.journal.key(id)

    def forget_all_but(self, ids: set[bytes]) -> None:
        """Close the batons that are not needed now; their sealed blobs stay in the store."""
        for id in self._opened.keys() - ids:
            del self._opened[id]

    def sealed_for(
        self, id: bytes, readers: list[ChecksumAddress], *, whole: bool = False
    ) -> tuple[bytes, list[bytes]]:
        """Return the content id of a baton, and its key sealed to each reader.

        As a change, where one has that form and the whole is not wanted. Zeros stand for the sealed key where
        a reader has registered what nothing can be sealed to: the contract wants one for each, and this one's
        is its own fault.
        """
        if whole:
            self.keep_whole(id)
        known, change = self.key(id), self.change(id)
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

    def _ways(self, id: bytes) -> Iterator[tuple[bytes, bytes, list[str]]]:
        """Yield key, content id and whom to ask first: what one opened the baton by, then other grants."""
        known = self.key(id)
        if known is not None:
            yield *known, [self.url]
        yield from (way for way in self._granted(id) if way[:2] != known)

    def _granted(self, id: bytes) -> list[tuple[bytes, bytes, list[str]]]:
        found = []
        for grant in self.relay.history.grants(id, self.address):
            try:
                key = self.keyring.open(grant.key)
            except BatonError as error:
                self._warn(grant, f"grant of {id.hex()[:12]} by {grant.granter}: {error}")
                continue
            found.append((key, grant.content, [self.relay.member(grant.granter).url]))
        return found

    def _open(self, id: bytes, key: bytes, content: bytes, urls: list[str], bases: Bases) -> Baton | None:
        readers = [self.relay.member(who).url for who in self.relay.history.readers(id)]
        asked = [*urls, *readers, *self.holders]
        sources = {url: source for url in asked if (source := self.peers(url)) is not None}
        try:
            opening = Opening(key, expect_id=id, template=self.layout, bases=bases)
            fetch(root_cid(content), self.store, sources, opening.begin, opening.take, until=self.turn_ends)
            return opening.baton()
        except StoreError:
            raise  # one's own disk: nothing that a holder could be blamed for
        except (BatonError, BlockError) as error:
            self._warn((id, str(error)), f"baton {id.hex()[:12]}: {error}")
            return None

    def _warn(self, about: Hashable, message: str) -> None:
        """Say once a round what goes wrong with something, though it is tried at each block."""
        if about not in self._said:
            self.log.warning("%s", message)
        self._said.add(about)


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
