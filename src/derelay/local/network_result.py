"""What a network of processes did, round by round."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from statistics import mean
from typing import Any

from derelay.chain.contract import Event
from derelay.chain.relay import Relay
from derelay.rules.phases import Phase
from derelay.rules.units import NANO
from derelay.rules.verdict import Verdict

MIB = 1 << 20

Scrape = Sequence[Mapping[str, float]]
"""The metrics of all nodes at one time."""


@dataclass(frozen=True)
class NetworkRound:
    """One round.

    Attributes
    ----------
    seconds
        From the end of the round before to its own; of the first without the rest before it, in which nodes
        start.
    training, scoring
        Seconds of the node that took longest.
    version, gain
        Of the head after it; nats per case, zero if the head stayed.
    phases
        Seconds of each phase, by name.
    memory, files, journal, store
        Of the node that has most: MiB resident, files and sockets open, MiB on disk twice.
    """

    number: int
    seconds: int
    training: float
    scoring: float
    admitted: int
    passed: int
    version: int
    gain: float
    phases: dict[str, int]
    memory: float
    files: int
    journal: float
    store: float

    @property
    def beyond(self) -> float:
        """Seconds beyond training and scoring."""
        return self.seconds - self.training - self.scoring


@dataclass(frozen=True)
class NetworkResult:
    """A network from its start to its end.

    Attributes
    ----------
    windows
        Seconds that a round lasts at least, by the relay's parameters.
    starting
        Seconds from the first process to the first round.
    """

    nodes: int
    seats: int
    windows: int
    starting: float
    rounds: tuple[NetworkRound, ...]

    @property
    def heads(self) -> int:
        """Heads that were accepted."""
        return self.rounds[-1].version if self.rounds else 0

    def to_json(self) -> dict[str, Any]:
        """Return plain values, means of all rounds among them."""
        beyond = [each.beyond for each in self.rounds]
        rounds = [asdict(each) | {"beyond": each.beyond} for each in self.rounds]
        means = {"heads": self.heads, "mean_beyond": mean(beyond) if beyond else None}
        return asdict(self) | means | {"rounds": rounds}


def rounds_of(relay: Relay, scrapes: Mapping[int, Scrape]) -> tuple[NetworkRound, ...]:
    """Return the rounds that are over and were looked at.

    Parameters
    ----------
    scrapes
        By round, 0 for before the first: the metrics at its end.
    """
    changes = relay.history.named("PhaseChanged")
    times = {block: _time(relay, block) for block in {event.block for event in changes}}
    phases: defaultdict[int, dict[str, int]] = defaultdict(dict)
    ends: dict[int, int] = {}
    for event, following in pairwise(changes):
        phase, number = Phase(event.values["phase"]), event.values["round"]
        phases[number][phase.name.lower()] = times[following.block] - times[event.block]
    for event in changes:
        if Phase(event.values["phase"]) is Phase.REST:
            ends[event.values["round"]] = times[event.block]
    opened = next(times[event.block] for event in changes if event.values["phase"] == Phase.ENTER)
    return tuple(
        _round(relay, number, end - (ends[number - 1] if number > 1 else opened), phases[number], scrapes)
        for number, end in ends.items()
        if number in scrapes and number - 1 in scrapes
    )


def _round(
    relay: Relay, number: int, seconds: int, phases: dict[str, int], scrapes: Mapping[int, Scrape]
) -> NetworkRound:
    events = [event for event in relay.history.events if event.values.get("round") == number]
    count = Counter(event.name for event in events)
    elected = [event for event in events if event.name == "HeadChanged"]
    before, after = scrapes[number - 1], scrapes[number]
    return NetworkRound(
        number=number,
        seconds=seconds,
        training=_slowest('derelay_work_seconds_total{work="training"}', before, after),
        scoring=_slowest('derelay_work_seconds_total{work="scoring"}', before, after),
        admitted=count["Admitted"],
        passed=sum(_has_passed(event) for event in events),
        version=sum(event.values["round"] <= number for event in relay.history.named("HeadChanged")),
        gain=elected[0].values["gain"] / NANO if elected else 0.0,
        phases=phases,
        memory=_most("process_resident_memory_bytes", after) / MIB,
        files=int(_most("process_open_fds", after)),
        journal=_most("derelay_journal_bytes", after) / MIB,
        store=_most("derelay_store_bytes", after) / MIB,
    )


def _has_passed(event: Event) -> bool:
    return event.name == "Judged" and event.values["verdict"] == Verdict.PASS


def _slowest(name: str, before: Scrape, after: Scrape) -> float:
    """Return the largest increase among nodes; a node that began anew counts from zero."""
    increases = [
        now[name] - (then.get(name, 0.0) if now[name] >= then.get(name, 0.0) else 0.0)
        for then, now in zip(before, after, strict=True)
        if name in now
    ]
    return max(increases, default=0.0)


def _most(name: str, scrape: Scrape) -> float:
    return max((node.get(name, 0.0) for node in scrape), default=0.0)


def _time(relay: Relay, block: int) -> int:
    return int(relay.chain.w3.eth.get_block(block)["timestamp"])
