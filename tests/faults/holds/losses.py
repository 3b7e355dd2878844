"""Who lost what in a relay: only those who were kept from their duties, and by rules that are stated."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from eth_typing import ChecksumAddress

from derelay.chain.relay import Relay
from derelay.rules.verdict import Verdict

if TYPE_CHECKING:
    from faults.scene import Scene


@dataclass(frozen=True)
class Loss:
    """A bond that was slashed for silence, or a deposit forfeited for a child that was not to be had."""

    who: ChecksumAddress
    round: int
    rule: str


@dataclass(frozen=True)
class Losses:
    """All of a relay. What a verdict on a child's merit takes is none: that is the price of the weights."""

    all: tuple[Loss, ...]
    faulted: frozenset[ChecksumAddress]

    @classmethod
    def of(cls, relay: Relay, faulted: Collection[ChecksumAddress]) -> Self:
        """Read them."""
        found = []
        for event in relay.history.named("TesterSettled", "Judged"):
            values = event.values
            if values.get("slashed"):
                found.append(Loss(values["tester"], values["round"], "slashed for silence"))
            elif values.get("verdict") == Verdict.MISSING:
                found.append(Loss(values["trainer"], values["round"], "its child was missing"))
        return cls(tuple(found), frozenset(faulted))

    @property
    def by_faulted(self) -> int:
        """How many of those who were kept from their duties."""
        return sum(loss.who in self.faulted for loss in self.all)

    @property
    def by_others(self) -> int:
        """How many of those who were not."""
        return len(self.all) - self.by_faulted

    def broken(self, scene: Scene) -> list[str]:
        """Return the losses of those who were not kept from their duties."""
        return [
            f"{scene.nodes[loss.who].name} did its duties and lost in round {loss.round}: {loss.rule}"
            for loss in self.all
            if loss.who not in self.faulted
        ]
