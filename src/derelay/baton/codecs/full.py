"""The codec that changes nothing."""

from derelay.baton.codec import Codec
from derelay.baton.errors import BatonError
from derelay.baton.layout import Layout, difference
from derelay.baton.tensors import State


class Full(Codec):
    """Every tensor as it is."""

    name = "full"
    is_change = False
    settles_alike = True

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
