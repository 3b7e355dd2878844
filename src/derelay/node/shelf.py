"""The batons that a participant holds: sealed in its store, the keys to them, and those that it has open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from derelay.baton.baton import Baton
from derelay.baton.blocks import BlockError, Source
from derelay.baton.codec import Form
from derelay.baton.errors import BatonError
from derelay.baton.layout import Layout
from derelay.baton.opening import Bases, Opening, no_bases
from derelay.baton.root import root_cid
from derelay.baton.sealing import seal, sealed_base
from derelay.baton.tensors import State, layout_of
from derelay.learn.task import Task
from derelay.node.journal import Journal
from derelay.node.ways import Way, Ways
from derelay.store.fetch import fetch
from derelay.store.store import Store, StoreError

Peers = Callable[[str], Source | None]
"""Returns where to get the blocks that are served at an address; None if nothing is."""


@dataclass(frozen=True)
class Change:
    """A sealed blob that holds a baton as a change to another: its content id, and the other's id."""

    content: bytes
    base: bytes


@dataclass
class Shelf:
    """One participant's batons: those that it made, and those that it has the key of.

    Attributes
    ----------
    url
        Where the participant serves its store.
    """

    task: Task
    store: Store
    journal: Journal
    ways: Ways
    url: str
    _opened: dict[bytes, Baton] = field(default_factory=dict, init=False, repr=False)
    _keys: dict[bytes, tuple[bytes, bytes]] = field(default_factory=dict, init=False, repr=False)
    _changes: dict[bytes, Change] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def layout(self) -> Layout:
        """What the task's model looks like: names, dtypes and shapes of its tensors."""
        return layout_of(self.task.model().state_dict())

    def put(self, baton: Baton, key: bytes, form: Form | None = None) -> bytes:
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
            self.put(baton, key)

    def key(self, id: bytes) -> tuple[bytes, bytes] | None:
        """Return key and content id of a baton that one made, or was granted and has opened.

        Keys of the first kind are in the journal; of the second, on chain.
        """
        return self._keys.get(id) or self.journal.key(id)

    def forget_all_but(self, ids: set[bytes]) -> None:
        """Close the batons that are not needed now; their sealed blobs stay in the store."""
        for id in self._opened.keys() - ids:
            del self._opened[id]

    def get(self, id: bytes, peers: Peers, until: float) -> Baton | None:
        """Return a baton that one holds the key of, fetching and opening it at need.

        None if no key was granted that opens it, or nobody serves it, or it is a change to what is not to
        be had.

        Parameters
        ----------
        until
            When to stop moving blocks, by `time.monotonic`.
        """

        def base(other: bytes) -> State | None:
            # What is open, or stored whole: so no chain of changes is followed.
            found = self._had(other, no_bases, peers, until)
            return None if found is None else found.tensors

        return self._had(id, base, peers, until)

    def _had(self, id: bytes, bases: Bases, peers: Peers, until: float) -> Baton | None:
        if id in self._opened:
            return self._opened[id]
        for way in self._ways(id):
            sources = {url: source for url in self.ways.urls(id, way) if (source := peers(url)) is not None}
            opened = self._open(id, way, bases, sources, until)
            if opened is not None:
                self._keys[id] = (way.key, way.content)
                self._opened[id] = opened
                base = sealed_base(self.store.get(root_cid(way.content)), self.layout)
                if base:
                    self._changes[id] = Change(way.content, base)
                return opened
        return None

    def _ways(self, id: bytes) -> Iterator[Way]:
        """Yield what one opened the baton by before, then what else was granted."""
        known = self.key(id)
        if known is not None:
            yield Way(*known, (self.url,))
        yield from (way for way in self.ways.granted(id) if (way.key, way.content) != known)

    def _open(
        self, id: bytes, way: Way, bases: Bases, sources: dict[str, Source], until: float
    ) -> Baton | None:
        try:
            opening = Opening(way.key, expect_id=id, template=self.layout, bases=bases)
            fetch(root_cid(way.content), self.store, sources, opening.begin, opening.take, until=until)
            return opening.baton()
        except StoreError:
            raise  # one's own disk: nothing that a holder could be blamed for
        except (BatonError, BlockError) as error:
            self.ways.once.warn((id, str(error)), f"baton {id.hex()[:12]}: {error}")
            return None
