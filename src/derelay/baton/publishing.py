"""Publishing: a baton as it is, in blocks that anyone may hold and read.

For what is no secret: the genesis of an open relay, a head that its relay gives away. The blocks, one after
the other, are the baton's .safetensors file.
"""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager

from multiformats import CID

from derelay.baton.assembly import Assembly
from derelay.baton.baton import Baton
from derelay.baton.blocks import DAG_CBOR, BlockError, Sink, Source, verify
from derelay.baton.codecs import FULL
from derelay.baton.container import container_limit, pieces
from derelay.baton.cutting import cut
from derelay.baton.errors import SealError
from derelay.baton.layout import Layout
from derelay.baton.opening import named
from derelay.baton.pieces import PIECE_BYTES, spans
from derelay.baton.published_root import PublishedRoot
from derelay.baton.root import root_cid
from derelay.baton.tensors import copy


def publish(baton: Baton, sink: Sink) -> bytes:
    """Hand each block of a baton to `sink`, readable by anyone who gets it.

    Returns
    -------
    bytes
        The content id: sha-256 of the root block, 32 bytes, the same for everyone who publishes this baton.
    """
    parts = list(pieces(baton.manifest, baton.tensors))
    sizes = tuple(_sizes([len(part) for part in parts]))
    links = tuple(sink.put(block) for block in cut(parts, sizes))
    return bytes(sink.put(PublishedRoot(sizes, links).encode(), DAG_CBOR).raw_digest)


class PublishedOpening:
    """A published baton that is put together as its blocks come in; see `Opening`.

    Parameters
    ----------
    expect_id : bytes
        Baton id.
    template : Layout
        What the task's own model looks like.
    """

    def __init__(self, *, expect_id: bytes, template: Layout) -> None:
        self._id, self._template = expect_id, template

    def begin(self, root_block: bytes) -> tuple[CID, ...]:
        """Read the root block and return the blocks that it links to; see `Opening.begin`."""
        with self._named():
            self._root = PublishedRoot.decode(root_block, container_limit(self._template))
            places = self._root.places
            self._assembly = Assembly(places[-1][1], places, self._template, self._id, FULL)
        return self._root.links

    def take(self, index: int, block: bytes | memoryview) -> None:
        """Put the block at `index`, which was verified, to its place; see `Opening.take`."""
        with self._named():
            place = self._assembly.place(index)
            if len(block) != len(place):
                raise SealError(f"block {index} holds {len(block)} bytes, not what the root says")
            copy(block, place)
            self._assembly.came(index, self._root.links[index].digest[-32:])

    def baton(self) -> Baton:
        """Return the baton, when all blocks were taken; see `Opening.baton`."""
        with self._named():
            return self._assembly.baton(None)

    def _named(self) -> AbstractContextManager[None]:
        return named(f"published baton {self._id.hex()}")


def open_published(source: Source, content: bytes, *, expect_id: bytes, template: Layout) -> Baton:
    """Open a published baton, all blocks of which one source has; see `derelay.baton.sealing.open_sealed`."""
    opening = PublishedOpening(expect_id=expect_id, template=template)
    try:
        for index, cid in enumerate(opening.begin(_verified(source, root_cid(content)))):
            opening.take(index, _verified(source, cid))
    except BlockError as error:
        raise SealError(f"published baton {expect_id.hex()}: {error}") from error
    return opening.baton()


def _verified(source: Source, cid: CID) -> bytes:
    block = source.get(cid)
    verify(cid, block)
    return block


def _sizes(parts: Iterable[int]) -> Iterator[int]:
    """Yield the sizes of the blocks for parts of these sizes: a large part begins a block, and ends one."""
    run = 0
    for size in parts:
        if size < PIECE_BYTES:
            run += size
            continue
        for length in (run, size):
            yield from (stop - start for start, stop in spans(0, length))
        run = 0
    yield from (stop - start for start, stop in spans(0, run))
