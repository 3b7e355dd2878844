"""All codecs, one a module, by the names that root blocks give them."""

from derelay.baton.codec import Codec
from derelay.baton.codecs.full import Full
from derelay.baton.errors import BatonError

FULL = Full()
CODECS: dict[str, Codec] = {codec.name: codec for codec in (FULL,)}


def codec_named(name: str) -> Codec:
    """Return the codec that a root block names; raise `BatonError` if it is not known here."""
    if name not in CODECS:
        raise BatonError(
            f"codec {name!r} is not known here (known: {', '.join(CODECS)}); use a derelay that has it"
        )
    return CODECS[name]
