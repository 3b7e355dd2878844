"""The paper's mechanism in the plainest way: objects, one coin at a time, every lineage walked to genesis.

Slow, and slower with every round. Here to compare with; `benchmarks/paper.py` measures against it too.
Random numbers are drawn in the order that `tests/sim/golden/README.md` describes.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np


@dataclass(eq=False)
class Model:
    version: int
    quality: float
    owner: Person
    base: Model | None = None


@dataclass(eq=False)
class Person:
    coins: float = 0
    stake: float = 0
    trained: list[Model] = field(default_factory=list)
    held: int = -1

    def bid(self, round_number: int) -> float:
        newest = self.trained[-1].version if self.trained else 0
        return min(self.coins, round_number - newest + 1)


@dataclass(eq=False)
class Child(Model):
    trainer: Person = field(default_factory=Person)


class QuadraticRelay:
    def __init__(self, participants: int, seed: int, k: int, survive: float, delivery: float) -> None:
        self.random = random.Random(seed)
        self.normal = np.random.RandomState(seed).normal
        self.k, self.survive, self.delivery = k, survive, delivery
        self.people = [Person() for _ in range(participants)]
        self.creator = self.people[0]
        self.creator.trained.append(Model(0, 0.0, self.creator))
        self.creator.held = 0
        self.owners = [self.creator]
        self.round = 0

    def play(self) -> tuple[int, int]:
        """Play a round; return how many children were delivered, and how many survive."""
        free = [person for person in self.people if person not in self.owners]
        trainers = self.random.sample(free, len(self.people) // 2 - len(self.owners))
        maintainers = [person for person in free if person not in trainers]
        pairs = self.match(trainers)
        self.reward(maintainers, 0.001 * len(pairs))
        children = [
            self.train(owner, trainer)
            for owner, trainer in pairs
            if self.random.uniform(0, 1) < self.delivery
        ]
        maker = self.reward(maintainers, 0.001 * len(children))
        if children:
            maker.held = self.round + 1
        self.reward(maintainers, 100 * 0.001 + len(children) * 0.001)
        self.reward(maintainers, len(children) * 0.001 + len(children) * 100 * 0.001)
        children.sort(key=lambda child: child.quality, reverse=True)
        survivors = children[: math.floor(len(children) * self.survive)]
        for child in survivors:
            self.pay(child)
        self.owners = [child.trainer for child in survivors]
        self.round += 1
        return len(children), len(survivors)

    def match(self, trainers: list[Person]) -> list[tuple[Person, Person]]:
        """Take the bids and the owners' deposits; return who trains whose model, in the order of matching."""
        for trainer in trainers:
            trainer.stake = trainer.bid(self.round)
        for owner in self.owners:
            owner.stake = 0.001 / self.k if owner.coins > 0.001 else owner.coins / (self.k + 1e-12)
        queue = []
        highest_first = sorted(trainers, key=lambda trainer: trainer.stake, reverse=True)
        for _, equal in groupby(highest_first, key=lambda trainer: trainer.stake):
            group = list(equal)
            self.random.shuffle(group)
            queue += group
        pairs = []
        for owner in sorted(self.owners, key=lambda owner: owner.trained[-1].quality, reverse=True):
            mine, queue = queue[: self.k], queue[self.k :]
            owner.coins -= len(mine) * owner.stake
            for trainer in mine:
                trainer.coins -= trainer.stake
                pairs.append((owner, trainer))
        return pairs

    def train(self, owner: Person, trainer: Person) -> Child:
        base = owner.trained[-1]
        child = Child(self.round + 1, base.quality + self.normal(1, 1), owner, base, trainer)
        trainer.trained.append(child)
        trainer.held = child.version
        return child

    def reward(self, maintainers: list[Person], coins: float) -> Person:
        maker = self.random.sample(maintainers, 1)[0]
        maker.coins += coins
        return maker

    def pay(self, child: Child) -> None:
        child.trainer.coins += child.trainer.stake
        child.owner.coins += child.owner.stake
        model: Model | None = child
        while model is not None:
            model.owner.coins += 1
            model = model.base
