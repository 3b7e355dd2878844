"""The codec seam: how the tensors of a model are stored and sent.

The id of a baton is the hash of what the receiver reconstructs, so a codec may lose precision: the sender
builds the baton from what `Codec.settled` returns, and every receiver reconstructs the same bits. One baton
may be stored by several codecs: whole for those who hold nothing, as a change for those who hold its base.
"""

from abc import ABC, abstractmethod

from derelay.baton.errors import BatonError
from derelay.baton.layout import Layout, difference
from derelay.baton.tensors import State, layout_of


class Codec(ABC):
    """A way to store a model, possibly as a change to a base, that decodes to the same bits everywhere.

    A base is the state of another baton of the same layout, or None for a codec that needs none.
    """

    name: str

    @abstractmethod
    def encode(self, state: State, base: State | None) -> State:
        """Return the tensors to store for `state`: always the same ones for the same arguments."""

    @abstractmethod
    def admit(self, stored: Layout, layout: Layout) -> None:
        """Raise `BatonError` unless tensors laid out as `stored` can decode to `layout`.

        Called before memory is taken for the stored tensors, so it also bounds their size.
        """

    @abstractmethod
    def decode(self, stored: State, layout: Layout, base: State | None) -> State:
        """Return the model of the given layout that the stored tensors stand for."""

    def settled(self, state: State, base: State | None) -> State:
        """Return what others reconstruct of `state`: what a baton that is sent by this codec is made of."""
        return self.decode(self.encode(state, base), layout_of(state), base)


class Full(Codec):
    """Every tensor as it is."""

    name = "full"

    def encode(self, state: State, base: State | None) -> State:
        """Return the state itself."""
        return state

    def admit(self, stored: Layout, layout: Layout) -> None:
        """Take nothing but the model's own layout."""
        found = difference(stored, layout)
        if found:
            raise BatonError(f"what is stored is not the manifest's: {found}; ask for it again")

    def decode(self, stored: State, layout: Layout, base: State | None) -> State:
        """Return the stored tensors themselves."""
        return stored


FULL = Full()
CODECS: dict[str, Codec] = {codec.name: codec for codec in (FULL,)}


def codec_named(name: str) -> Codec:
    """Return the codec that a root block names; raise `BatonError` if it is not known here."""
    if name not in CODECS:
        raise BatonError(
            f"codec {name!r} is not known here (known: {', '.join(CODECS)}); use a derelay that has it"
        )
    return CODECS[name]
