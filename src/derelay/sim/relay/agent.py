"""An account in a simulated relay, whoever plays it, and what it has to train and measure with."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Any

from eth_typing import ChecksumAddress

from derelay.rules.phases import Candidate
from derelay.rules.pool import Ballot
from derelay.rules.price import deposit
from derelay.rules.resting import Resting
from derelay.rules.score import UNAVAILABLE, pack
from derelay.rules.verdict import Seat, Verdict
from derelay.sim.oracle import Cases, Delta
from derelay.sim.relay.books import Books
from derelay.sim.relay.calls import address_word
from derelay.sim.relay.table import Child
from derelay.sim.strategies.strategy import Strategy

if TYPE_CHECKING:
    from derelay.sim.relay.world import World


class Purse:
    """Whose gain a gain is: a person, under one name or several. Keeps the newest version that it has."""

    def __init__(self) -> None:
        self.newest = 0


class Agent:
    """One name in the registry.

    Attributes
    ----------
    random
        Its own stream: what others do changes nothing in it.
    newest
        Newest version of the head that the chain says it was granted.
    verdicts
        On its children so far: (round, verdict).
    resting
        How an honest trainer would rest after these, and those of the others.
    bond
        Wei that it has in the registry.
    dropped
        Whether it was struck off the list of maintainers for too small a bond.
    memory
        For its strategy to keep things in.
    """

    def __init__(
        self, world: World, index: int, strategy: Strategy, address: ChecksumAddress, purse: Purse, seed: int
    ) -> None:
        self._world = world
        self.index = index
        self.strategy = strategy
        self.address = address
        self.word = address_word(address)
        self.random = Random(f"agent {index} {seed}")
        self._cases = Cases(world.setting.oracle, Random(f"cases {index} {seed}"))
        self.purse = purse
        self.newest = 0
        self.bond = world.setting.bonds[strategy.maintains]
        self.dropped = False
        self.verdicts: list[tuple[int, Verdict]] = []
        self.resting = Resting()
        self.counts: Counter[str] = Counter()
        self.books = Books()
        self.memory: dict[str, Any] = {}

    @property
    def friends(self) -> list[Agent]:
        """All agents of its coalition, itself included; itself alone if it has none."""
        coalition = self.strategy.coalition
        if coalition is None:
            return [self]
        return [each for each in self._world.agents if each.strategy.coalition == coalition]

    def holds(self, baton: bytes) -> bool:
        """Return whether the chain lists it as a holder of a baton."""
        return self.index in self._world.holders[baton]

    def secret(self) -> bytes:
        """Return 32 bytes that nobody else knows."""
        return self.random.randbytes(32)

    def price(self) -> int:
        """Return the deposit that it enters with, in wei."""
        parameters = self._world.setting.parameters
        return deposit(parameters.price, self._world.table.version, self.newest, parameters.versions_cap)

    def maintainers(self) -> list[Agent]:
        """Return who maintains, in the order that a draw shuffles."""
        return self._world.maintainers()

    # ---- training

    def leg(self, effort: float = 1.0) -> Delta:
        """Train the head with a share of the usual steps, at that share of the cost."""
        self.books.spend("training", effort * self._world.setting.economy.training)
        return self._world.landscape.leg(effort)

    def poison(self) -> Delta:
        """Train the head on wrong labels, at the cost of a leg."""
        self.books.spend("training", self._world.setting.economy.training)
        return self._world.landscape.poison()

    def noise(self, share: float) -> Delta:
        """Return the head with noise of a share of each tensor's standard deviation."""
        return self._world.landscape.noise(share)

    def held(self) -> list[Delta]:
        """Return how the children lie to the head that it or a friend holds, of the last round."""
        friends, world = self.friends, self._world
        return [world.from_head(id) for id in world.recent if any(friend.holds(id) for friend in friends)]

    def try_out(self, move: Delta) -> Seat:
        """Measure a model of one's own at the relay's step."""
        return self._measured(move.scaled(self._world.step))

    # ---- testing

    def can_open(self, child: Child) -> bool:
        """Return whether it holds the head and a child, and can load both."""
        if child.readers is not None and self not in child.readers:
            return False
        return child.handed_in and self.holds(child.id) and self.holds(self._world.table.head)

    def measure(self, child: Child) -> Seat | None:
        """Measure a child at the relay's step; None if it cannot."""
        if not self.can_open(child):
            return None
        return self._measured(child.move.scaled(self._world.step))

    def propose(self) -> set[Candidate]:
        """Return the candidates that it can compute."""
        proposals = self._world.table.proposals
        return {
            each for each, made in proposals.items() if all(self.can_open(child) for child in made.members)
        }

    def ballot(self) -> Ballot:
        """Compute and measure the candidates that it can, and name them."""
        proposals, able = self._world.table.proposals, self.propose()
        names = [
            proposals[each].id if each in able else bytes(32) for each in (Candidate.POOLED, Candidate.PASSED)
        ]
        scores = [
            pack(self._measured(proposals[each].move)) if each in able else UNAVAILABLE for each in Candidate
        ]
        return Ballot((names[0], names[1]), (scores[0], scores[1], scores[2]))

    def _measured(self, move: Delta) -> Seat:
        self.books.spend("measuring", self._world.setting.economy.testing)
        return self._world.landscape.measure(self._cases, move)
