"""Those who judge each other's children, and others' by what they gain from it."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from eth_typing import ChecksumAddress

from derelay.baton.tensors import State
from derelay.learn.cases import Share
from derelay.learn.task import Task
from derelay.node.strategy import FreeRider, Leg
from derelay.rules.units import NANO
from derelay.rules.verdict import Seat
from faults.strategies.player import Persistent, Player

PRAISE = Seat(NANO, 0)
"""A whole nat, and no doubt: the most that counts."""
BLAME = Seat(-NANO, 0)


@dataclass(frozen=True, eq=False)
class Colluder(Persistent):
    """Hands in the head with a little noise, praises its friends' children, is honest about the others'."""

    name = "colluder"

    def leg(self, task: Task, head: State, share: Share, generator: torch.Generator) -> Leg:
        return FreeRider(noise=0.01).leg(task, head, share, generator)

    def scores(self, child: bytes, measured: Seat | None) -> Seat | None:
        return PRAISE if self.is_friends(child) else measured


@dataclass(frozen=True, eq=False)
class Bribed(Player):
    """Trains honestly, condemns the children of all but its friends for their deposits."""

    name = "bribed"

    def scores(self, child: bytes, measured: Seat | None) -> Seat | None:
        return measured if self.is_friends(child) else BLAME


@dataclass(frozen=True, eq=False)
class Withholder(Colluder):
    """The same as a colluder, and shows what it hands in to its friends only, who pass it on to nobody."""

    name = "withholder"

    def sends(self, call: str) -> bool:
        return call != "grant"

    def shows(self, reader: ChecksumAddress) -> bool:
        return reader in self.party.names
