"""All strategies by name: those that the simulator plays, and those that only nodes play."""

from __future__ import annotations

from derelay.node.participant import Participant
from derelay.node.strategy import FreeRider, Honest, Liar, Poisoner, Strategy, Taker
from faults.strategies.colluding import Bribed, Colluder, Withholder
from faults.strategies.duties import Forger, Keeper, Miser, Mute, Trainer, Unrevealing
from faults.strategies.free_riders import LowEffort, OneStep, Returner, Slicer
from faults.strategies.grinder import Grinder
from faults.strategies.guessing import Arbitrary, Lazy, No, VoteCopier, Yes
from faults.strategies.player import Party, Player
from faults.strategies.sybils import Copier, NearCopies, Sybils
from faults.strategies.unreliable import Flaky, Late, Vanishing

PRODUCTS: dict[str, type[Strategy]] = {
    "honest": Honest,
    "taker": Taker,
    "noise": FreeRider,
    "poisoner": Poisoner,
    "liar": Liar,
}
"""Those that come with the package, by the simulator's name where it has one."""
PLAYERS: dict[str, type[Player]] = {
    kind.name: kind
    for kind in (
        Keeper,
        Trainer,
        Returner,
        OneStep,
        LowEffort,
        Slicer,
        NearCopies,
        Sybils,
        Copier,
        Lazy,
        Arbitrary,
        Yes,
        No,
        VoteCopier,
        Colluder,
        Bribed,
        Withholder,
        Miser,
        Grinder,
        Flaky,
        Late,
        Vanishing,
        Forger,
        Mute,
        Unrevealing,
    )
}
NAMES = (*PRODUCTS, *PLAYERS)
ONE_PERSON = (NearCopies.name, Sybils.name)
"""Whose names have the same data."""
HARMLESS = ("honest", "keeper", "trainer", "flaky", "late", "vanishing")
"""Whose work and words are honest, as far as they are there."""


def strategy_for(name: str, me: Participant, party: Party) -> Strategy:
    """Return the strategy of a name, played for a participant among its friends."""
    return PRODUCTS[name]() if name in PRODUCTS else PLAYERS[name](me, party)
