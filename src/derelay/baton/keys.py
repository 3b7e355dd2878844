"""The keys of batons: sealed to a reader, and derived for a pool.

`seal_key` writes libsodium's sealed box (`crypto_box_seal`), so any binding of libsodium opens it.
https://doc.libsodium.org/public-key_cryptography/sealed_boxes
"""

from collections.abc import Callable, Mapping
from hashlib import blake2b

from nacl.bindings import crypto_box_easy, crypto_box_NONCEBYTES, crypto_scalarmult_base
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

from derelay.baton.errors import SealError

KEY_BYTES = 32
SEALED_KEY_BYTES = 80

Entropy = Callable[[int], bytes]
"""Returns so many random bytes: `os.urandom`, or a seeded generator where a run must reproduce."""


def seal_key(key: bytes, reader_public: bytes, entropy: Entropy) -> bytes:
    """Seal a baton's key to a reader.

    Parameters
    ----------
    key : bytes
        The 32 bytes to seal.
    reader_public : bytes
        The reader's X25519 public key, 32 bytes.
    entropy : Entropy
        Where the ephemeral secret key comes from; it is used once and forgotten.

    Returns
    -------
    bytes
        80 bytes: the ephemeral public key and the box. Only the reader opens it; it tells not who sealed.

    Raises
    ------
    SealError
        If the public key is not one that can be sealed to.
    """
    _check_length("baton's key", key)
    _check_length("reader's public key", reader_public)
    secret = entropy(KEY_BYTES)
    ephemeral = crypto_scalarmult_base(secret)
    nonce = blake2b(ephemeral + reader_public, digest_size=crypto_box_NONCEBYTES).digest()
    try:
        return ephemeral + crypto_box_easy(key, nonce, reader_public, secret)
    except CryptoError as error:
        raise SealError(
            f"public key {reader_public.hex()} cannot be sealed to; the reader must register another"
        ) from error


def open_key(sealed: bytes, private: bytes) -> bytes:
    """Open a sealed key with the reader's X25519 private key (32 bytes).

    Raises
    ------
    SealError
        If it was sealed to someone else, changed, or does not hold a key.
    """
    _check_length("private key", private)
    if len(sealed) != SEALED_KEY_BYTES:
        raise SealError(
            f"sealed key has {len(sealed)} bytes instead of {SEALED_KEY_BYTES}; ask for another grant"
        )
    try:
        return SealedBox(PrivateKey(private)).decrypt(sealed)
    except CryptoError as error:
        raise SealError(
            "sealed key does not open: sealed to another reader, or changed; ask for another grant"
        ) from error


def pool_key(keys: Mapping[bytes, bytes], head: bytes) -> bytes:
    """Derive the key of a pool from its children's, so that all who hold those seal the identical blob.

    Parameters
    ----------
    keys : mapping of bytes to bytes
        Id of each pooled child to its key, all 32 bytes.
    head : bytes
        Id of the head that the children were trained from.

    Returns
    -------
    bytes
        32 bytes, known to nobody who lacks one of the keys.

    Raises
    ------
    SealError
        If there are no children, or an id or key has another length.
    """
    if not keys:
        raise SealError("a pool of no children has no secret to derive a key from; pool at least one")
    _check_length("head's id", head)
    derived = blake2b(head, digest_size=KEY_BYTES, person=b"derelay/pool")
    for child in sorted(keys):
        _check_length("child's id", child)
        _check_length("child's key", keys[child])
        derived.update(child + keys[child])
    return derived.digest()


def _check_length(what: str, value: bytes) -> None:
    if len(value) != KEY_BYTES:
        raise SealError(f"{what} has {len(value)} bytes; give all {KEY_BYTES}")
