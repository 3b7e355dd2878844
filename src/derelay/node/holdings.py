"""Which blobs of its store a participant knows a baton by, and which blocks those are made of."""

from __future__ import annotations

from itertools import chain

from multiformats import CID

from derelay.baton.blocks import BlockError
from derelay.baton.errors import BatonError
from derelay.baton.root import root_cid
from derelay.baton.sealing import sealed_links
from derelay.node.participant import Participant


def contents_of(me: Participant, baton: bytes) -> set[bytes]:
    """Return the content ids by which one knows a baton: of the blobs that one sealed, or was granted."""
    known, change = me.journal.key(baton), me.shelf.change(baton)
    granted = (grant.content for grant in me.relay.history.grants(baton, me.address))
    return set(chain(granted, [known[1]] if known else [], [change.content] if change else []))


def blocks_of(me: Participant, content: bytes) -> list[CID]:
    """Return the blocks of a sealed blob whose root is in the store, and is one; none of another."""
    root = root_cid(content)
    if not me.store.has(root):
        return []
    try:
        return [root, *sealed_links(me.store.get(root), me.layout)]
    except (BatonError, BlockError) as error:  # what a granter named need be no blob of this task
        me.log.warning("blob %s is not kept: %s", root, error)
        return []
