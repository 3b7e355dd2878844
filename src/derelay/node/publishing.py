"""Taking part from where nobody can connect to: sealed blobs are left with a holder that others reach."""

from __future__ import annotations

from functools import partial

from derelay.baton.blocks import BlockError
from derelay.baton.root import root_cid
from derelay.baton.sealing import sealed_links
from derelay.chain.view import View
from derelay.node.participant import Participant
from derelay.store.mirror import HttpMirror, push


class Publisher:
    """A chore: leaves the sealed blobs that a node has made with a mirror, and tries again if that fails.

    What does not go in one turn goes in the next: duties do not wait for a slow line. A blob that is there is
    not sent again; after a restart the mirror is asked what it has.
    """

    def __init__(self, me: Participant, mirror: HttpMirror) -> None:
        self._me = me
        self._mirror = mirror
        self._left: set[bytes] = set()

    def __call__(self, view: View) -> None:
        """Leave what is new: the head, and children of this round, if this node sealed them."""
        me = self._me
        own = me.journal.fact(view.round.number, "child")
        ids = {view.head.id, own or b"", *(child.id for child in view.children)}
        made = {id: known[1] for id in ids if (known := me.journal.key(id)) is not None}
        changes = {change.content for id in made if (change := me.shelf.change(id)) is not None}
        contents = {*made.values(), *changes}
        self._left &= contents
        try:
            for content in contents - self._left:
                links = partial(sealed_links, template=me.layout)
                root = root_cid(content)
                push(root, me.store, self._mirror, links, until=me.turn_ends)
                if self._mirror.has(root):
                    self._left.add(content)
        except (BlockError, OSError) as error:
            me.log.warning("blobs cannot be published: %s; trying again at the next block", error)
