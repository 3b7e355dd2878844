"""Honest participants whose machines are not always there."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from faults.strategies.player import JOINING, Player


@dataclass(frozen=True, eq=False)
class Flaky(Player):
    """Does only four of five things that are due.

    Attributes
    ----------
    chance
        Of doing what is due, whenever it is asked again.
    """

    chance: float = 0.8
    name = "flaky"

    def sends(self, call: str) -> bool:
        luck = Random(f"{self.me.address} {self.me.number} {call}")
        return call in JOINING or luck.random() < self.chance


@dataclass(frozen=True, eq=False)
class Late(Flaky):
    """Does each thing in the last quarter of its window, and one thing in twenty not at all."""

    chance: float = 0.95
    name = "late"

    def sends(self, call: str) -> bool:
        view = self.view
        is_time = call in JOINING or view.window is None or view.is_last_quarter
        return is_time and super().sends(call)


@dataclass(frozen=True, eq=False)
class Vanishing(Player):
    """Is gone after some rounds, without leaving."""

    rounds: int = 2
    name = "vanishing"

    def sends(self, call: str) -> bool:
        return call == "withdraw" or self.me.number <= self.rounds
