"""The codec seam: how the tensors of a model are stored and sent.

The id of a baton is the hash of what the receiver reconstructs, so a codec may lose precision: the sender
builds the baton from what `Codec.decode` gives, and every receiver reconstructs the same bits. One baton may
be stored in several forms: whole for those who hold nothing, as a change for those who hold its base.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from derelay.baton.encoding import Encoding
from derelay.baton.layout import Layout
from derelay.baton.tensors import State, layout_of


class Codec(ABC):
    """A way to store a model, possibly as a change to a base, that decodes to the same bits everywhere.

    A base is the state of another baton of the same layout, or None for a codec that needs none.

    Attributes
    ----------
    name
        What root blocks call it.
    is_change
        Whether it needs a base.
    settles_alike
        Whether all who encode one state on one base reconstruct the same bits, whatever their processor and
        libraries. `decode` always does; a pool, which each voter encodes for itself, needs both.
    """

    name: str
    is_change: bool
    settles_alike: bool

    @abstractmethod
    def encode(self, state: State, base: State | None) -> State:
        """Return the tensors to store for `state`."""

    @abstractmethod
    def admit(self, stored: Layout, layout: Layout) -> None:
        """Raise `BatonError` unless tensors laid out as `stored` can decode to `layout`.

        Called before memory is taken for the stored tensors, so it also bounds their size.
        """

    @abstractmethod
    def decode(self, stored: State, layout: Layout, base: State | None) -> State:
        """Return the model of the given layout that the stored tensors stand for.

        Raises
        ------
        BatonError
            If they stand for none.
        """

    def settled(self, state: State, base: State | None) -> State:
        """Return what others reconstruct of `state`: what a baton that is sent by this codec is made of."""
        return self.decode(self.encode(state, base), layout_of(state), base)


@dataclass(frozen=True)
class Form:
    """One form of a baton: the tensors that a codec stores for it.

    Parameters
    ----------
    encoding : Encoding
        By which codec, as a change to what.
    stored : State
        What `Codec.encode` gave. Decoding it must give the baton's tensors.
    """

    encoding: Encoding
    stored: State
