"""The cipher of one sealed baton: each block authenticated by itself, and by its place.

ChaCha20-Poly1305 (RFC 8439). The cipher's key is derived from the baton's key and id and from how it is
stored, so it is used for one container only and the index can be the nonce: whoever holds the key seals one
baton to identical blocks.
"""

from hashlib import blake2b

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from derelay.baton.encoding import WHOLE, Encoding
from derelay.baton.errors import SealError
from derelay.baton.keys import KEY_BYTES

TAG_BYTES = 16
_NONCE_BYTES = 12


class Cipher:
    """Seals and opens the blocks of one baton.

    Parameters
    ----------
    key : bytes
        The baton's key, 32 bytes.
    baton_id : bytes
        Its id.
    count : int
        How many blocks it is sealed into.
    encoding : Encoding
        How it is stored.
    """

    def __init__(self, key: bytes, baton_id: bytes, count: int, encoding: Encoding = WHOLE) -> None:
        if len(key) != KEY_BYTES:
            raise SealError(f"key has {len(key)} bytes instead of {KEY_BYTES}")
        stored = baton_id + encoding.base + encoding.codec.encode()
        own = blake2b(stored, key=key, digest_size=KEY_BYTES, person=b"derelay/seal").digest()
        self._aead = ChaCha20Poly1305(own)
        self._baton_id = baton_id
        self._count = count

    def seal(self, index: int, chunk: bytes) -> bytes:
        """Return the block for the chunk at `index`: `TAG_BYTES` longer."""
        return self._aead.encrypt(_nonce(index), chunk, self._place(index))

    def open(self, index: int, block: bytes | memoryview) -> bytearray:
        """Return the chunk of the block at `index`; raise `SealError` if it is not what was sealed there."""
        chunk = bytearray(max(0, len(block) - TAG_BYTES))
        self.open_into(index, block, memoryview(chunk))
        return chunk

    def open_into(self, index: int, block: bytes | memoryview, place: memoryview) -> None:
        """Open the block at `index` to where its chunk belongs, which has the chunk's length.

        Raises
        ------
        SealError
            If it is not what was sealed there; what the place holds then means nothing.
        """
        try:
            self._aead.decrypt_into(_nonce(index), block, self._place(index), place)
        except InvalidTag as error:
            raise SealError(
                f"block {index} of {self._count} does not open: changed, of another baton, or another key; "
                "take it from another holder, or ask for another grant"
            ) from error

    def _place(self, index: int) -> bytes:
        return self._baton_id + index.to_bytes(8, "little") + self._count.to_bytes(8, "little")


def _nonce(index: int) -> bytes:
    return index.to_bytes(_NONCE_BYTES, "little")
