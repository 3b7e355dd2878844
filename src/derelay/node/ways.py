"""Ways to a baton: which key opens which sealed blob of it, and who may have that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from eth_typing import ChecksumAddress

from derelay.baton.errors import BatonError
from derelay.chain.relay import Relay
from derelay.node.keyring import Keyring
from derelay.node.once import Once


@dataclass(frozen=True)
class Way:
    """A key, the content id of the blob that it opens, and where to ask for the blob first."""

    key: bytes
    content: bytes
    urls: tuple[str, ...]


@dataclass(frozen=True)
class Ways:
    """What the chain says of batons to one participant: grants that its keys open, and who was given what.

    Attributes
    ----------
    holders
        Addresses to ask for blobs after those that the chain names.
    """

    relay: Relay
    address: ChecksumAddress
    keyring: Keyring
    holders: tuple[str, ...]
    once: Once

    def granted(self, id: bytes) -> Iterator[Way]:
        """Yield a way for each grant of a baton that opens."""
        for grant in self.relay.history.grants(id, self.address):
            try:
                key = self.keyring.open(grant.key)
            except BatonError as error:
                self.once.warn(grant, f"grant of {id.hex()[:12]} by {grant.granter}: {error}")
                continue
            yield Way(key, grant.content, (self.relay.member(grant.granter).url,))

    def urls(self, id: bytes, way: Way) -> list[str]:
        """Return whom to ask on a way to a baton, in this order."""
        readers = [self.relay.member(who).url for who in self.relay.history.readers(id)]
        return [*way.urls, *readers, *self.holders]
