"""The seam to paying: who survived a round, and what follows for everyone's coins."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from derelay.sim.paper.arrays import Floats, Indices


@dataclass(frozen=True)
class Survivors:
    """A round's surviving children, best first; all arrays have one entry for each.

    Parameters
    ----------
    trainers, owners
        Who trained it, and who owns its base.
    bases
        Its base, as a position among the survivors of the round before; genesis was the only one of none.
    bids, deposits
        What trainer and owner put down for it and get back.
    """

    trainers: Indices
    owners: Indices
    bases: Indices
    bids: Floats
    deposits: Floats


class Settlement(ABC):
    """Pays survivors round after round; it remembers lineages from one to the next.

    Deposits are returned, and one coin goes to the child's owner and to the owner recorded in each
    ancestor back to genesis. The owner recorded in a model is who trained its base; genesis records
    participant 0, who also counts as its trainer.
    """

    @abstractmethod
    def pay(self, coins: Floats, survivors: Survivors) -> None:
        """Pay everyone, in place."""
