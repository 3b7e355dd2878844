"""Blocks from another participant, or from any IPFS gateway, over HTTP."""

from multiformats import CID

from derelay.baton.blocks import MissingBlock, cid_text
from derelay.store.address import Address
from derelay.store.http_client import HttpClient
from derelay.store.rests import Rests

RAW_BLOCK = "application/vnd.ipld.raw"
"""Media type of a block as it is."""


class HttpSource:
    """A server of blocks, as a `Source`: a trustless gateway.

    What it returns is what the server sent: whoever asks verifies it, as `fetch` does.
    https://specs.ipfs.tech/http-gateways/trustless-gateway/

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
        self._address, self._patience, self._allow_private = Address.parse(url), patience, allow_private
        self._rests = Rests()
        self._client = self._connection()

    def get(self, cid: CID) -> bytes:
        """Return what the server sends for a block: at most one byte more than a block may have.

        Raises
        ------
        MissingBlock
            If it says that it does not have it.
        OSError
            If it cannot be reached, is silent (`TimeoutError`), or answers something else.
        """
        return bytes(_block(self._client, cid, None))

    def line(self) -> "HttpLine":
        """Return another connection to the same server; see `Line`."""
        return HttpLine(self._connection())

    def close(self) -> None:
        """Close the connection; a later `get` opens another."""
        self._client.close()

    def _connection(self) -> HttpClient:
        return HttpClient(self._address, self._patience, self._allow_private, self._rests)


class HttpLine:
    """One connection to a server of blocks, as a `Line`."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client

    def read(self, cid: CID, into: memoryview) -> int:
        """See `Line.read`; raises what `HttpSource.get` does."""
        return len(_block(self._client, cid, into))

    def cut(self) -> None:
        """See `Line.cut`."""
        self._client.cut()


def _block(client: HttpClient, cid: CID, into: memoryview | None) -> memoryview:
    path = f"/ipfs/{cid_text(cid)}?format=raw"
    status, body = client.ask("GET", path, {"Accept": RAW_BLOCK}, into=into)
    if status in (404, 410):
        raise MissingBlock("does not have it")
    if status != 200:
        raise OSError(f"answers {status}")
    return body
