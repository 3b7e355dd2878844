"""From a URL to a chain."""

from derelay.chain.chain import Chain
from derelay.chain.embedded import EmbeddedChain
from derelay.chain.endpoint import Endpoint
from derelay.chain.endpoints import Endpoints
from derelay.chain.rpc import RpcChain


def connect(url: str, seed: int = 0) -> Chain:
    """Connect to the chain at `url`.

    Parameters
    ----------
    url : str
        ``embedded:`` for an EVM in this process; else a JSON-RPC endpoint, ``http(s)://``, ``ws(s)://`` or
        the path of an IPC socket, or several of one chain with commas between them, the preferred one first.
    seed : int
        Of the embedded chain's randomness; see `EmbeddedChain`.

    Raises
    ------
    ChainError
        Nothing can be reached by such a URL, or its endpoints are on different chains.
    """
    if url == "embedded:":
        return EmbeddedChain(seed)
    return RpcChain(Endpoints([Endpoint(each.strip()) for each in url.split(",")]))
