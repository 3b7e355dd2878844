"""How a baton is stored, which its id says nothing of: by which codec, as a change to which other baton."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Encoding:
    """One way in which a baton is stored.

    Parameters
    ----------
    codec : str
        Name of the codec.
    base : bytes
        Id of the baton that it is a change to, 32 bytes; empty if it stands by itself.
    """

    codec: str
    base: bytes = b""


WHOLE = Encoding("full")
"""Every tensor as it is."""
