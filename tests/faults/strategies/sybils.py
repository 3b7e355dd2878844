"""One person under several names, and what friends do with models that are not theirs."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

import torch

from derelay.baton.baton import Baton
from derelay.baton.tensors import State
from derelay.learn.cases import Share
from derelay.learn.scoring import paired_gain
from derelay.learn.task import Task
from derelay.node.strategy import FreeRider, Leg
from derelay.rules.resting import Resting
from derelay.rules.units import NANO, SHARE_ONE
from derelay.rules.verdict import Seat
from faults.strategies.colluding import PRAISE
from faults.strategies.player import Persistent

TRACE = 0.001
"""Noise by which one copy differs from the next."""


@dataclass(frozen=True, eq=False)
class NearCopies(Persistent):
    """Hands in near-copies of one leg under all its names, which have the same data."""

    name = "near-copies"

    def leg(self, task: Task, head: State, share: Share, generator: torch.Generator) -> Leg:
        said = sha256(b"".join(tensor.numpy().tobytes() for tensor in head.values())).digest()
        common = torch.Generator().manual_seed(int.from_bytes(said[:7], "big"))
        leg = super().leg(task, head, share, common)
        assert leg.child is not None
        copy = FreeRider(noise=TRACE).leg(task, leg.child, share, generator)
        return Leg(copy.child, leg.steps)


@dataclass(frozen=True, eq=False)
class Sybils(NearCopies):
    """The same, and praises itself."""

    name = "sybils"

    def scores(self, child: bytes, measured: Seat | None) -> Seat | None:
        return PRAISE if self.is_friends(child) else measured


@dataclass(frozen=True, eq=False)
class Copier(Persistent):
    """Hands in the best child of the last round that it was given to test, as its own.

    A child of this round it sees only when it has committed to its own.
    """

    name = "copier"

    def enters(self, number: int, resting: Resting) -> bool:
        """Enter if there is a child that gains something over the head."""
        if number not in self.memory:
            self.memory.clear()
            self.memory[number] = self._best(number)
        return self.memory[number] is not None

    def leg(self, task: Task, head: State, share: Share, generator: torch.Generator) -> Leg:
        return Leg(dict(self.memory[self.view.round.number].tensors))

    def _best(self, number: int) -> Baton | None:
        head = self.me.baton(self.view.head.id)
        if head is None:
            return None
        tried = {self._gain(head, child): child for child in self._given(number - 1)}
        best = max(tried, default=0.0)
        return tried[best] if best > 0 else None

    def _given(self, number: int) -> list[Baton]:
        handed_in = [event.values for event in self.me.relay.history.named("HandedIn")]
        ids = [
            each["id"] for each in handed_in if each["round"] == number and each["trainer"] != self.me.address
        ]
        return [child for id in ids if (child := self.me.baton(id)) is not None]

    def _gain(self, head: Baton, child: Baton) -> float:
        rules = self.me.relay.parameters
        step, clip = rules.step / SHARE_ONE, rules.clip / NANO
        cases = self.me.share.held_out
        return paired_gain(self.me.task, head.tensors, child.tensors, cases, step, clip).mean_nano
