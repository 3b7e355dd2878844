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
        self._idle: list[HttpClient] = []

    def get(self, cid: CID) -> bytes:
        """Return what the server sends for a block: at most one byte more than a block may have.

        Raises
        ------
        MissingBlock
            If it says that it does not have it.
        OSError
            If it cannot be reached, is silent (`TimeoutError`), or answers something else.
        """
        line = self.line()
        try:
            return bytes(line.bring(cid))
        finally:
            line.close()

    def line(self) -> "HttpLine":
        """Return a connection of its own to the server; see `Line`."""
        try:
            client = self._idle.pop()
        except IndexError:
            client = HttpClient(self._address, self._patience, self._allow_private, self._rests)
        return HttpLine(client, self._idle)

    def close(self) -> None:
        """Close the connection that is kept; a later `get` opens another."""
        while self._idle:
            self._idle.pop().close()


class HttpLine:
    """One connection to a server of blocks, as a `Line`. One is kept open for who asks next."""

    def __init__(self, client: HttpClient, idle: list[HttpClient]) -> None:
        self._client, self._idle = client, idle
        self._is_cut = False

    def read(self, cid: CID, into: memoryview) -> int:
        """See `Line.read`; raises what `HttpSource.get` does."""
        return len(self.bring(cid, into))

    def bring(self, cid: CID, into: memoryview | None = None) -> memoryview:
        """Return what the server sends for a block, in this memory or in its own; see `HttpSource.get`."""
        path = f"/ipfs/{cid_text(cid)}?format=raw"
        status, body = self._client.ask("GET", path, {"Accept": RAW_BLOCK}, into=into)
        if status in (404, 410):
            raise MissingBlock("does not have it")
        if status != 200:
            raise OSError(f"answers {status}")
        return body

    def cut(self) -> None:
        """See `Line.cut`."""
        self._is_cut = True
        self._client.cut()

    def close(self) -> None:
        """See `Line.close`."""
        if self._is_cut or self._idle:
            self._client.close()
        else:
            self._idle.append(self._client)
