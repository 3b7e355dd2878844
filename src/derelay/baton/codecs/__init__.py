"""All codecs, one a module, by the names that root blocks give them."""

from derelay.baton.codec import Codec
from derelay.baton.codecs.full import Full
from derelay.baton.codecs.half import Half
from derelay.baton.codecs.lowrank import LowRank
from derelay.baton.codecs.quantized import Quantized
from derelay.baton.errors import BatonError

FULL = Full()
MULTIPLES = (2.0, 1.5, 1.0, 0.75, 0.5, 0.25)
"""Steps, in root mean squares of a row's change, in which a change may be sent."""


def steps_named(multiple: float) -> str:
    """Return the name of the codec of changes in steps of so many root mean squares."""
    return f"steps-{multiple:g}"


CODECS: dict[str, Codec] = {
    codec.name: codec
    for codec in (
        FULL,
        Half(),
        *(Quantized(steps_named(multiple), multiple) for multiple in MULTIPLES),
        LowRank("rank", energy=0.99, budget=0.1),
    )
}
ALIKE = tuple(codec.name for codec in CODECS.values() if codec.settles_alike)
"""Names of codecs that pools may be stored by: voters encode them one by one, and all need the same bits."""


def codec_named(name: str) -> Codec:
    """Return the codec of a name; raise `BatonError` if it is not known here."""
    if name not in CODECS:
        raise BatonError(
            f"codec {name!r} is not known here (known: {', '.join(CODECS)}); use a derelay that has it"
        )
    return CODECS[name]
