"""The others, by the addresses that they registered."""

import logging
from collections import OrderedDict
from collections.abc import Mapping

from derelay.baton.blocks import Source
from derelay.store.address import AddressError
from derelay.store.http_source import HttpSource

MOST_OPEN = 64
"""Connections that are kept at a time; who was asked least recently is closed."""

_log = logging.getLogger(__name__)


class HttpPeers:
    """Returns where to get the blocks that are served at an address.

    Parameters
    ----------
    patience : float
        Seconds without progress until a peer is given up.
    allow_private : bool
        Whether addresses of private networks and of this machine count: for relays on one network only, since
        anyone can register an address, and whoever fetches from it sends a request there.
    own : mapping of str to Source
        What is here under an address: a node may not reach itself from inside, and need not.
    """

    def __init__(
        self, patience: float = 30.0, allow_private: bool = False, own: Mapping[str, Source] | None = None
    ) -> None:
        self._patience, self._allow_private, self._own = patience, allow_private, own or {}
        self._open: OrderedDict[str, HttpSource] = OrderedDict()

    def __call__(self, url: str) -> Source | None:
        """Return the peer at an address; None, and a line in the log, if nothing is fetched from there."""
        if url in self._own:
            return self._own[url]
        if url not in self._open:
            try:
                self._open[url] = HttpSource(url, self._patience, self._allow_private)
            except AddressError as error:
                _log.warning("%s", error)
                return None
        self._open.move_to_end(url)
        if len(self._open) > MOST_OPEN:
            self._open.popitem(last=False)[1].close()
        return self._open[url]

    def close(self) -> None:
        """Close all connections."""
        for source in self._open.values():
            source.close()
        self._open.clear()
