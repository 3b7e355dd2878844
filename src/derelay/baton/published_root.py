"""The root block of a published baton: links to its blocks, in order, and their sizes."""

from dataclasses import dataclass
from itertools import accumulate, pairwise

from multiformats import CID

from derelay.baton.blocks import BLOCK_BYTES
from derelay.baton.canonical import CanonicalError, decode, encode, expect_fields
from derelay.baton.errors import SealError
from derelay.baton.root import raw_cids, without_links
from derelay.rules.protocol import PROTOCOL_VERSION

_FIELDS = {"protocol": int, "sizes": bytes, "links": list}
_WIDTH = 4  # bytes of a size, little-endian


@dataclass(frozen=True)
class PublishedRoot:
    """What the content id of a published baton stands for: one after the other, the blocks are its file."""

    sizes: tuple[int, ...]
    links: tuple[CID, ...]

    @property
    def places(self) -> list[tuple[int, int]]:
        """From where to where in the file each block lies."""
        return list(pairwise(accumulate(self.sizes, initial=0)))

    def encode(self) -> bytes:
        """Return the root block: a canonical dag-cbor map."""
        sizes = b"".join(size.to_bytes(_WIDTH, "little") for size in self.sizes)
        block = encode({"protocol": PROTOCOL_VERSION, "sizes": sizes, "links": list(self.links)})
        if len(block) > BLOCK_BYTES:
            raise SealError(f"{len(self.links)} blocks are more than one root block can link to")
        return block

    @staticmethod
    def decode(block: bytes, limit: int) -> "PublishedRoot":
        """Return the root that `block`, from anyone, encodes, if it stands for at most `limit` bytes.

        Raises
        ------
        SealError
            If it is no such root block, or stands for more.
        """
        try:
            rest, links = without_links(block)
            fields = expect_fields(decode(rest, max_bytes=BLOCK_BYTES, max_items=8, max_depth=3), _FIELDS)
        except CanonicalError as error:
            raise SealError(f"root block of a published baton refused: {error}") from error
        packed = fields["sizes"]
        sizes = tuple(
            int.from_bytes(packed[at : at + _WIDTH], "little") for at in range(0, len(packed), _WIDTH)
        )
        if fields["protocol"] != PROTOCOL_VERSION or len(packed) != _WIDTH * len(links):
            raise SealError("root block of a published baton refused: another protocol, or not a size a link")
        if not sizes or not all(0 < size <= BLOCK_BYTES for size in sizes) or sum(sizes) > limit:
            raise SealError(f"root block of a published baton refused: allowed are 1 to {limit} bytes")
        return PublishedRoot(sizes, raw_cids(links))
