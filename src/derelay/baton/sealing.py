"""Sealing: a baton under a key, in blocks that anyone may hold and only the key's holders read."""

from collections.abc import Callable, Iterable, Iterator

from multiformats import CID

from derelay.baton.baton import Baton
from derelay.baton.blocks import DAG_CBOR, BlockError, Sink, Source, verify
from derelay.baton.cipher import Cipher
from derelay.baton.codec import Codec, Form
from derelay.baton.codecs import codec_named
from derelay.baton.container import container_limit, header_bytes, pieces
from derelay.baton.encoding import WHOLE
from derelay.baton.errors import BatonError, SealError
from derelay.baton.layout import Layout, difference, layout_bytes
from derelay.baton.root import CHUNK_BYTES, Root, block_count, root_cid
from derelay.baton.tensors import State, layout_of

Bases = Callable[[bytes], State | None]
"""Returns the state of the baton of an id; None if it is not to be had."""


def no_bases(id: bytes) -> State | None:
    """Return None: for who holds nothing yet."""
    return None


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
    chunks = enumerate(_chunks(pieces(baton.manifest, stored)))
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
    """Open a sealed baton block by block, in the memory of the template's tensors and a few blocks.

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
    try:
        root = _root(source, content, template)
        codec = codec_named(root.encoding.codec)
        base = _base(root, codec, template, bases)
        stream = _Opened(source, root, Cipher(key, expect_id, len(root.links), root.encoding))
        return Baton.read(stream, root.size, template, expect_id, codec=codec, base=base)
    except (BatonError, BlockError) as error:
        kind = SealError if isinstance(error, (SealError, BlockError)) else BatonError
        raise kind(f"sealed baton {expect_id.hex()}: {error}") from error


def sealed_links(root_block: bytes, template: Layout) -> tuple[CID, ...]:
    """Return the blocks that a root block links to, for who fetches them.

    Raises
    ------
    SealError
        If it is no root block, or stands for more than a model of the template takes.
    """
    return Root.decode(root_block, container_limit(template)).links


def _root(source: Source, content: bytes, template: Layout) -> Root:
    cid = root_cid(content)
    block = source.get(cid)
    verify(cid, block)
    return Root.decode(block, container_limit(template))


def _base(root: Root, codec: Codec, template: Layout, bases: Bases) -> State | None:
    id = root.encoding.base
    if codec.is_change != bool(id):
        raise SealError(
            f"codec {codec.name!r} with{'' if id else 'out'} a base; ask for a grant of the whole"
        )
    if not codec.is_change:
        return None
    base = bases(id)
    if base is None:
        raise SealError(
            f"stored as a change to baton {id.hex()}, which is not here; ask for a grant of the whole"
        )
    reason = difference(layout_of(base), template)
    if reason:
        raise SealError(f"stored as a change to baton {id.hex()}, another model: {reason}")
    return base


def _chunks(parts: Iterable[memoryview]) -> Iterator[bytes]:
    """Cut a sequence of parts anew, into chunks of `CHUNK_BYTES` and a rest."""
    chunk = bytearray()
    for part in parts:
        while part:
            room = CHUNK_BYTES - len(chunk)
            chunk += part[:room]
            part = part[room:]
            if len(chunk) == CHUNK_BYTES:
                yield bytes(chunk)
                chunk.clear()
    if chunk:
        yield bytes(chunk)


def _open_chunks(source: Source, root: Root, cipher: Cipher) -> Iterator[memoryview]:
    for index, cid in enumerate(root.links):
        chunk = cipher.open(index, source.get(cid))
        if len(chunk) != min(CHUNK_BYTES, root.size - index * CHUNK_BYTES):
            raise SealError(
                f"block {index} holds {len(chunk)} bytes, not what the root says; ask for it again"
            )
        yield memoryview(chunk)


class _Opened:
    """The container in sealed blocks, as something to read from."""

    def __init__(self, source: Source, root: Root, cipher: Cipher) -> None:
        self._chunks = _open_chunks(source, root, cipher)
        self._rest = memoryview(b"")

    def readinto(self, buffer: memoryview, /) -> int:
        if not self._rest:
            self._rest = next(self._chunks, self._rest)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count
