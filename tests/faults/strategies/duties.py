"""Those who do some of the duties honestly, and leave the others alone."""

from __future__ import annotations

from dataclasses import dataclass

from eth_typing import ChecksumAddress

from derelay.rules.resting import Resting
from faults.strategies.player import Player


@dataclass(frozen=True, eq=False)
class Keeper(Player):
    """Never trains."""

    name = "keeper"

    def enters(self, number: int, resting: Resting) -> bool:
        return False


@dataclass(frozen=True, eq=False)
class Trainer(Player):
    """Does not offer to maintain."""

    name = "trainer"

    def sends(self, call: str) -> bool:
        return call != "maintain"


@dataclass(frozen=True, eq=False)
class Miser(Player):
    """Grants nobody a key; its testers have theirs with the child, which cannot be handed in without."""

    name = "miser"

    def sends(self, call: str) -> bool:
        return call != "grant"


@dataclass(frozen=True, eq=False)
class Forger(Player):
    """Grants keys that open nothing, and is first to grant them."""

    name = "forger"

    def shows(self, reader: ChecksumAddress) -> bool:
        return False


@dataclass(frozen=True, eq=False)
class Mute(Player):
    """Takes what a tester is given, and says nothing."""

    name = "mute"

    def sends(self, call: str) -> bool:
        return call not in ("score", "reveal", "vote")


@dataclass(frozen=True, eq=False)
class Unrevealing(Player):
    """Commits to its scores, and does not open them."""

    name = "unrevealing"

    def sends(self, call: str) -> bool:
        return call != "reveal"
