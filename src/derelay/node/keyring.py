"""The keys to which others seal the keys of batons."""

from __future__ import annotations

from functools import cached_property

from nacl.public import PrivateKey

from derelay.baton.errors import SealError
from derelay.baton.keys import KEY_BYTES, Entropy, open_key
from derelay.node.journal import Journal


class Keyring:
    """A node's X25519 keys: it registers the newest, the older ones open what was sealed before.

    Parameters
    ----------
    journal
        Where they are; a first one is made when one is needed and there is none.
    """

    def __init__(self, journal: Journal, entropy: Entropy) -> None:
        self._journal, self._entropy = journal, entropy

    @cached_property
    def _keys(self) -> list[bytes]:
        if not self._journal.encryption_keys():
            self._journal.add_encryption_key(self._entropy(KEY_BYTES))
        return self._journal.encryption_keys()

    @property
    def public(self) -> bytes:
        """The newest public key."""
        return bytes(PrivateKey(self._keys[0]).public_key)

    def open(self, sealed: bytes) -> bytes:
        """Open a sealed key.

        Raises
        ------
        SealError
            If it was sealed to none of these keys, or changed.
        """
        for private in self._keys[:-1]:
            try:
                return open_key(sealed, private)
            except SealError:
                continue  # sealed before this key was made
        return open_key(sealed, self._keys[-1])
