"""From a URL to a chain."""

from derelay.chain.chain import Chain, ChainError
from derelay.chain.embedded import EmbeddedChain


def connect(url: str, seed: int = 0) -> Chain:
    """Connect to the chain at `url`.

    Parameters
    ----------
    url : str
        ``embedded:`` for an EVM in this process.
    seed : int
        Of the embedded chain's randomness; see `EmbeddedChain`.

    Raises
    ------
    ChainError
        Nothing can be reached by such a URL.
    """
    if url == "embedded:":
        return EmbeddedChain(seed)
    raise ChainError(
        f"chain {url!r}: this version runs on 'embedded:' only, an EVM inside the process; use that"
    )
