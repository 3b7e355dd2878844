"""The course of a relay: its phases only move forward, its rounds end, and none is late for long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

from derelay.chain.relay import Relay
from derelay.rules.phases import WINDOWS, Phase
from faults.scene import Fault

_END = len(Phase)
STEPS = (
    *("Entered", "Committed", "Disclosed", "HandedIn", "ScoresCommitted", "ScoresRevealed", "Voted"),
    *("HeadChanged", "HeadKept"),
)
"""Events of which training consists."""


@dataclass(frozen=True)
class Change:
    """A phase that began: of which round, and when by the chain's clock."""

    round: int
    phase: Phase
    at: int


@dataclass(frozen=True)
class Course:
    """What the chain says of the past.

    Attributes
    ----------
    steps, ends, heads
        When one of `STEPS` came, when a round ended with a head changed or kept, and when it was changed.
    windows
        The least seconds of each phase; zero for a step.
    """

    changes: tuple[Change, ...]
    steps: tuple[int, ...]
    ends: tuple[int, ...]
    heads: tuple[int, ...]
    windows: dict[Phase, int]

    @classmethod
    def of(cls, relay: Relay) -> Self:
        """Read it."""
        events = relay.history.events
        times = {block: _time(relay, block) for block in {event.block for event in events}}
        changes = [event for event in events if event.name == "PhaseChanged"]
        steps = relay.history.named(*STEPS)
        least = dict(zip(WINDOWS, relay.parameters.window_seconds, strict=True))
        return cls(
            tuple(Change(e.values["round"], Phase(e.values["phase"]), times[e.block]) for e in changes),
            tuple(times[event.block] for event in steps),
            tuple(times[event.block] for event in steps if event.name in STEPS[-2:]),
            tuple(times[event.block] for event in steps if event.name == "HeadChanged"),
            {phase: least.get(phase, 0) for phase in Phase},
        )

    @property
    def rounds(self) -> int:
        """How many have ended."""
        return sum(change.phase is Phase.REST and change.round > 0 for change in self.changes)

    @property
    def latest(self) -> int:
        """Seconds by which the latest phase ended after it could have."""
        return max((late for _, late in self._late()), default=0)

    def broken(self, faults: Sequence[Fault]) -> list[str]:
        """Return what does not hold: order, end, punctuality, and that training goes on after each fault."""
        found = [
            f"round {then.round} {then.phase.name} comes after round {now.round} {now.phase.name}"
            for now, then in pairwise(self.changes)
            if (now.round, now.phase or _END) >= (then.round, then.phase or _END)
        ]
        if self.changes and self.changes[-1].phase is not Phase.REST:
            found.append(f"round {self.changes[-1].round} has not ended")
        found += [
            f"no training after round {fault.round} {fault.phase.name}: {fault.what}"
            for fault in faults
            if not any(at > fault.at for at in self.steps)
        ]
        if faults and not any(at > faults[0].at for at in self.heads):
            found.append("no head came any more")
        most = max(self.windows.values())
        found += [
            f"round {now.round} stood still in {now.phase.name} for {late} s, more than a window"
            for now, late in self._late()
            if late > most
        ]
        return found

    def _late(self) -> list[tuple[Change, int]]:
        """Return by how much each phase was late; before the first round, nodes start."""
        return [
            (now, then.at - now.at - self.windows[now.phase])
            for now, then in pairwise(self.changes)
            if now.round > 0
        ]

    def went_on(self, faults: Sequence[Fault]) -> float | None:
        """Return the longest time from a fault to the next step of training; None without faults."""
        return _longest(faults, self.steps)

    def ended(self, faults: Sequence[Fault]) -> float | None:
        """Return the longest time from a fault to the end of a round; None without faults."""
        return _longest(faults, self.ends)


def _longest(faults: Sequence[Fault], ats: Sequence[int]) -> float | None:
    waited = [[at - fault.at for at in ats if at > fault.at] for fault in faults]
    return max((min(each) for each in waited if each), default=None)


def _time(relay: Relay, block: int) -> int:
    return int(relay.chain.w3.eth.get_block(block)["timestamp"])
