"""Opening a sealed baton while its blocks come in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from multiformats import CID

from derelay.baton.assembly import Assembly
from derelay.baton.baton import Baton
from derelay.baton.blocks import BlockError
from derelay.baton.cipher import TAG_BYTES, Cipher
from derelay.baton.codec import Codec
from derelay.baton.codecs import codec_named
from derelay.baton.container import container_limit
from derelay.baton.encoding import Encoding
from derelay.baton.errors import BatonError, SealError
from derelay.baton.layout import Layout, difference
from derelay.baton.pieces import spans
from derelay.baton.root import CHUNK_BYTES, Root
from derelay.baton.tensors import State, layout_of

Bases = Callable[[bytes], State | None]
"""Returns the state of the baton of an id; None if it is not to be had."""


def no_bases(id: bytes) -> State | None:
    """Return None: for who holds nothing yet."""
    return None


class Opening:
    """A sealed baton that is opened block by block, in any order, straight to where its tensors stay.

    Takes the memory of what is stored, and of the model beside it unless it is stored whole.

    Parameters
    ----------
    key : bytes
        The key, 32 bytes.
    expect_id : bytes
        Baton id, as it stands on chain.
    template : Layout
        What the task's own model looks like.
    bases : callable
        Returns the batons that it may be stored as a change to.
    """

    def __init__(self, key: bytes, *, expect_id: bytes, template: Layout, bases: Bases = no_bases) -> None:
        self._key, self._id, self._template, self._bases = key, expect_id, template, bases

    def begin(self, root_block: bytes) -> tuple[CID, ...]:
        """Read the root block and return the blocks that it links to; `take` has the same order.

        Raises
        ------
        SealError
            If it is no root block, or for more than a model of the template, or the base is not here.
        """
        with named(f"sealed baton {self._id.hex()}"):
            root = Root.decode(root_block, container_limit(self._template))
            codec = codec_named(root.encoding.codec)
            self._base = self._held(root.encoding, codec)
            self._cipher = Cipher(self._key, self._id, len(root.links), root.encoding)
            places = list(spans(0, root.size, CHUNK_BYTES))
            self._assembly = Assembly(root.size, places, self._template, self._id, codec)
        return root.links

    def take(self, index: int, block: bytes | memoryview) -> None:
        """Open the block at `index` to its place. Threads may do so at once, each with another block.

        Raises
        ------
        SealError
            If it is not what was sealed there under this key.
        BatonError
            If it shows that what was sealed is not a sound baton of that id and template.
        """
        with named(f"sealed baton {self._id.hex()}"):
            place = self._assembly.place(index)
            if len(block) != len(place) + TAG_BYTES:
                self._cipher.open(index, block)  # if that works, its maker sealed something else
                raise SealError(
                    f"block {index} holds {len(block) - TAG_BYTES} bytes, not what the root says; "
                    "ask for it again"
                )
            self._cipher.open_into(index, block, place)
            self._assembly.came(index)

    def baton(self) -> Baton:
        """Return the baton, when all blocks were taken; raise `BatonError` if it is not the one expected."""
        with named(f"sealed baton {self._id.hex()}"):
            return self._assembly.baton(self._base)

    def _held(self, encoding: Encoding, codec: Codec) -> State | None:
        if codec.is_change != bool(encoding.base):
            without = "" if encoding.base else "out"
            raise SealError(f"codec {codec.name!r} with{without} a base; ask for a grant of the whole")
        if not codec.is_change:
            return None
        base = self._bases(encoding.base)
        if base is None:
            raise SealError(
                f"stored as a change to baton {encoding.base.hex()}, which is not here; "
                "ask for a grant of the whole"
            )
        reason = difference(layout_of(base), self._template)
        if reason:
            raise SealError(f"stored as a change to baton {encoding.base.hex()}, another model: {reason}")
        return base


@contextmanager
def named(what: str) -> Iterator[None]:
    """Let errors say which baton they are about."""
    try:
        yield
    except (BatonError, BlockError) as error:
        kind = SealError if isinstance(error, (SealError, BlockError)) else BatonError
        raise kind(f"{what}: {error}") from error
