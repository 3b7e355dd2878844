"""Blocks from another participant, or from any IPFS gateway, over HTTP."""

import time

from multiformats import CID

from derelay.baton.blocks import MissingBlock, cid_text
from derelay.store.address import Address
from derelay.store.http_client import HttpClient

RAW_BLOCK = "application/vnd.ipld.raw"
"""Media type of a block as it is."""

MOST_RESTS = 16
"""The longest rest of who was silent again and again, in patiences."""


class HttpSource:
    """A server of blocks, as a `Source`: a trustless gateway.

    What it returns is what the server sent: whoever asks verifies it, as `fetch` does. A server that was
    silent is not asked again for one patience; for two, four and so on if it is silent again, so that those
    who died cost little time. https://specs.ipfs.tech/http-gateways/trustless-gateway/

    Parameters
    ----------
    url : str
        Its address, the part before ``/ipfs``.
    patience : float
        Seconds without progress until it gives up.
    allow_private : bool
        Whether the address may be of a private network, or of this machine.

    Raises
    ------
    AddressError
        If nothing can be fetched from such an address.
    """

    def __init__(self, url: str, patience: float = 30.0, allow_private: bool = False) -> None:
        self._client = HttpClient(Address.parse(url), patience, allow_private)
        self._patience = patience
        self._rests, self._rested_at = 0, 0.0

    def get(self, cid: CID) -> bytes:
        """Return what the server sends for a block: at most one byte more than a block may have.

        Raises
        ------
        MissingBlock
            If it says that it does not have it.
        OSError
            If it cannot be reached, is silent (`TimeoutError`), or answers something else.
        """
        resting = self._rested_at - time.monotonic()
        if resting > 0:
            raise TimeoutError(f"was silent; asked again in {resting:.0f} s")
        try:
            status, body = self._client.ask("GET", f"/ipfs/{cid_text(cid)}?format=raw", {"Accept": RAW_BLOCK})
        except TimeoutError:
            self._rests = min(2 * self._rests or 1, MOST_RESTS)
            self._rested_at = time.monotonic() + self._rests * self._patience
            raise
        self._rests = 0
        if status in (404, 410):
            raise MissingBlock("does not have it")
        if status != 200:
            raise OSError(f"answers {status}")
        return body

    def close(self) -> None:
        """Close the connection; a later `get` opens another."""
        self._client.close()
