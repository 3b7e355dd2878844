"""How a participant behaves: the honest way, and the others that a relay must withstand."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

import torch
from eth_typing import ChecksumAddress

from derelay.baton.tensors import State
from derelay.learn.cases import Share
from derelay.learn.task import Task
from derelay.rules.pool import Ballot
from derelay.rules.resting import Resting
from derelay.rules.score import pack, unpack
from derelay.rules.verdict import Seat


@dataclass(frozen=True)
class Leg:
    """What a strategy made of the head: the child (None for none), and the gradient steps it took."""

    child: State | None
    steps: int = 0


@dataclass(frozen=True)
class Strategy(ABC):
    """How a participant trains, what it says as a tester, and what it leaves undone."""

    name: str = field(init=False)
    honest: bool = field(init=False, default=False)

    @abstractmethod
    def leg(self, task: Task, head: State, share: Share, generator: torch.Generator) -> Leg:
        """Train ``head`` on a participant's share, or pretend to."""

    def enters(self, number: int, resting: Resting) -> bool:
        """Return whether to enter round ``number``, given how an honest one would rest."""
        return True

    def sends(self, call: str) -> bool:
        """Return whether to send a call that is due, by its name in the contracts; asked at each block."""
        return True

    def shows(self, reader: ChecksumAddress) -> bool:
        """Return whether a reader who is granted a key gets one that opens."""
        return True

    def scores(self, child: bytes, measured: Seat | None) -> Seat | None:
        """Return what a tester says of a child, given what it measured (None: it was not to be had)."""
        return measured

    def votes(self, ballot: Ballot) -> Ballot | None:
        """Return the vote of one who has computed and measured an honest one; None for none yet."""
        return ballot


def _train(task: Task, head: State, share: Share, generator: torch.Generator) -> Leg:
    model = task.model()
    model.load_state_dict(head)
    task.train(model, share.train, task.steps, generator)
    return Leg({name: tensor.detach().clone() for name, tensor in model.state_dict().items()}, task.steps)


@dataclass(frozen=True)
class Honest(Strategy):
    """Trains the head on its own data while it has something to add, and reports what it measures."""

    name = "honest"
    honest = True

    def enters(self, number: int, resting: Resting) -> bool:
        """Enter unless it rests (`derelay.rules.resting`)."""
        return resting.is_over(number)

    def leg(self, task: Task, head: State, share: Share, generator: torch.Generator) -> Leg:
        """Train one leg."""
        return _train(task, head, share, generator)


@dataclass(frozen=True)
class FreeRider(Strategy):
    """Hands the head back with a little noise, for which it needs neither data nor work.

    Parameters
    ----------
    noise
        Standard deviation of the noise, relative to that of each tensor.
    """

    noise: float = 0.05
    name = "free-rider"

    def leg(self, task: Task, head: State, share: Share, generator: torch.Generator) -> Leg:
        """Add noise."""
        return Leg(
            {
                name: tensor
                + self.noise
                * tensor.std(unbiased=False)
                * torch.randn(tensor.shape, generator=generator, dtype=tensor.dtype)
                for name, tensor in head.items()
            }
        )


@dataclass(frozen=True)
class Poisoner(Strategy):
    """Trains on flipped labels."""

    name = "poisoner"

    def leg(self, task: Task, head: State, share: Share, generator: torch.Generator) -> Leg:
        """Train one leg on what is wrong."""
        return _train(task, head, Share(task.poison(share.train), share.held_out), generator)


@dataclass(frozen=True)
class Taker(Strategy):
    """Takes the head and hands in nothing."""

    name = "taker"

    def leg(self, task: Task, head: State, share: Share, generator: torch.Generator) -> Leg:
        """Do nothing."""
        return Leg(None)


@dataclass(frozen=True)
class Liar(Honest):
    """Trains honestly, but as a tester reports the opposite of what it measures."""

    name = "liar"
    honest = False

    def enters(self, number: int, resting: Resting) -> bool:
        """Enter whatever the verdicts were."""
        return True

    def scores(self, child: bytes, measured: Seat | None) -> Seat | None:
        """Turn the gain round."""
        return _opposite(measured)

    def votes(self, ballot: Ballot) -> Ballot:
        """Turn the gains of all candidates round."""
        pooled, passed, best = (pack(_opposite(unpack(score))) for score in ballot.scores)
        return Ballot(ballot.names, (pooled, passed, best))


def _opposite(measured: Seat | None) -> Seat | None:
    return None if measured is None else Seat(-measured.gain, measured.se)


STRATEGIES: dict[str, type[Strategy]] = {
    kind.name: kind for kind in (Honest, FreeRider, Poisoner, Taker, Liar)
}
"""By name, as `derelay demo --dishonest` takes them."""


def strategy_named(name: str) -> Strategy:
    """Return the strategy of a name.

    Raises
    ------
    ValueError
        If there is none.
    """
    if name not in STRATEGIES:
        raise ValueError(f"no strategy {name!r}: choose one of {', '.join(STRATEGIES)}")
    return STRATEGIES[name]()
