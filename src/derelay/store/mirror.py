"""Leaving sealed blocks with a holder that others can reach, for who sits behind a home router."""

import math
import time
from collections.abc import Callable, Sequence

from multiformats import CID

from derelay.baton.blocks import RAW, BlockError, cid_of, cid_text
from derelay.store.address import Address
from derelay.store.http_client import HttpClient
from derelay.store.signature import SCHEME, keep_text
from derelay.store.store import Store

Signer = Callable[[str], bytes]
"""Returns a wallet's signature (EIP-191, 65 bytes) of a text."""


class MirrorError(BlockError):
    """A mirror does not take a block."""


class HttpMirror:
    """A holder that keeps others' blocks, as a `Sink`.

    Parameters
    ----------
    url : str
        Its address; what one registers as one's own, since one's blocks are served there.
    sign : Signer
        Signs with the sender's wallet, which has to be a participant's.
    patience : float
        Seconds without progress until it is given up.
    allow_private : bool
        See `HttpSource`.
    """

    def __init__(self, url: str, sign: Signer, patience: float = 30.0, allow_private: bool = False) -> None:
        self._client = HttpClient(Address.parse(url), patience, allow_private)
        self._url, self._sign = url, sign

    def has(self, cid: CID) -> bool:
        """Say whether it serves a block."""
        return self._client.ask("HEAD", f"/ipfs/{cid_text(cid)}?format=raw", {})[0] == 200

    def put(self, block: bytes, codec: str = RAW) -> CID:
        """Leave a block there.

        Raises
        ------
        MirrorError
            If the mirror does not take it.
        OSError
            If it cannot be reached, or is silent.
        """
        cid = cid_of(block, codec)
        signature = self._sign(keep_text(cid)).hex()
        headers = {"Authorization": f"{SCHEME} {signature}"}
        status, _ = self._client.ask("PUT", f"/ipfs/{cid_text(cid)}", headers, block)
        if status not in (200, 201, 204):
            reason = _REASONS.get(status, "choose another")
            raise MirrorError(f"mirror {self._url} does not take block {cid}: {status}, {reason}")
        return cid

    def close(self) -> None:
        """Close the connection."""
        self._client.close()


_REASONS = {
    401: "no signature of a wallet",
    403: "it keeps blocks of registered participants only; register first",
    405: "it keeps nobody's blocks; choose another",
    507: "it has no room; choose another",
}


def push(
    root: CID,
    store: Store,
    mirror: HttpMirror,
    links: Callable[[bytes], Sequence[CID]],
    until: float = math.inf,
) -> int:
    """Leave a root block and all blocks that it links to with a mirror.

    Those that are there are not sent again, so calling it once more goes on where it stopped. The root goes
    last: who finds it there finds the others.

    Parameters
    ----------
    until : float
        When to stop, by `time.monotonic`; one block is sent in any case. The root is there when all is.

    Returns
    -------
    int
        The bytes that were sent.

    Raises
    ------
    BlockError
        If a block is missing here, or not taken there.
    OSError
        If the mirror cannot be reached, or is silent.
    """
    sent = 0
    for cid in (*links(store.get(root)), root):
        if not mirror.has(cid):
            if sent and time.monotonic() > until:
                return sent
            block = store.get(cid)
            mirror.put(block, cid.codec.name)
            sent += len(block)
    return sent
