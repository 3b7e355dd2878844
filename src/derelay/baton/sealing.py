"""Sealing: a baton under a key, in blocks that anyone may hold and only the key's holders read."""

from itertools import repeat

from multiformats import CID

from derelay.baton.baton import Baton
from derelay.baton.blocks import DAG_CBOR, BlockError, Sink, Source, verify
from derelay.baton.cipher import Cipher
from derelay.baton.codec import Form
from derelay.baton.container import container_limit, header_bytes, pieces
from derelay.baton.cutting import cut
from derelay.baton.encoding import WHOLE
from derelay.baton.errors import SealError
from derelay.baton.layout import Layout, layout_bytes
from derelay.baton.opening import Bases, Opening, no_bases
from derelay.baton.root import CHUNK_BYTES, Root, block_count, root_cid
from derelay.baton.tensors import layout_of


def seal(baton: Baton, key: bytes, sink: Sink, form: Form | None = None) -> bytes:
    """Seal a baton, handing each block to `sink` as it is made.

    Parameters
    ----------
    baton : Baton
        What to seal.
    key : bytes
        32 secret bytes.
    sink : Sink
        Takes the blocks: a store.
    form : Form or None
        How it is stored, by a codec that reconstructs this baton from it; None stores it whole.

    Returns
    -------
    bytes
        The content id: sha-256 of the root block, 32 bytes, the same for everyone who seals this baton under
        this key in this way.
    """
    encoding, stored = (WHOLE, baton.tensors) if form is None else (form.encoding, form.stored)
    layout = layout_of(stored)
    size = len(header_bytes(baton.manifest, layout)) + layout_bytes(layout)
    cipher = Cipher(key, baton.id, block_count(size), encoding)
    chunks = enumerate(cut(pieces(baton.manifest, stored), repeat(CHUNK_BYTES)))
    links = tuple(sink.put(cipher.seal(index, chunk)) for index, chunk in chunks)
    return bytes(sink.put(Root(size, links, encoding).encode(), DAG_CBOR).raw_digest)


def open_sealed(
    source: Source,
    content: bytes,
    key: bytes,
    *,
    expect_id: bytes,
    template: Layout,
    bases: Bases = no_bases,
) -> Baton:
    """Open a sealed baton, all blocks of which one source has.

    Parameters
    ----------
    source : Source
        Holds the blocks: a store.
    content, expect_id : bytes
        Content id and baton id, as they stand on chain.
    key : bytes
        The key, 32 bytes.
    template : Layout
        What the task's own model looks like.
    bases : callable
        Returns the batons that it may be stored as a change to.

    Raises
    ------
    SealError
        If a block is missing, changed, swapped or too many, the key is not the one, or the base is not here.
    BatonError
        If what was sealed is not a sound baton of that id and template.
    """
    opening = Opening(key, expect_id=expect_id, template=template, bases=bases)
    try:
        root = root_cid(content)
        block = source.get(root)
        verify(root, block)
        for index, cid in enumerate(opening.begin(block)):
            opening.take(index, source.get(cid))
    except BlockError as error:
        raise SealError(f"sealed baton {expect_id.hex()}: {error}") from error
    return opening.baton()


def sealed_links(root_block: bytes, template: Layout) -> tuple[CID, ...]:
    """Return the blocks that a root block links to, for who fetches them.

    Raises
    ------
    SealError
        If it is no root block, or stands for more than a model of the template takes.
    """
    return Root.decode(root_block, container_limit(template)).links


def sealed_base(root_block: bytes, template: Layout) -> bytes:
    """Return the id of the baton that a root block's is stored as a change to; empty if it is whole.

    Raises
    ------
    SealError
        As `sealed_links` does.
    """
    return Root.decode(root_block, container_limit(template)).encoding.base
