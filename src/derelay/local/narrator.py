"""Tells people what happens on a relay, phase by phase, from its events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from derelay.chain.contract import Event
from derelay.local.cast import Cast
from derelay.local.moment import Moment
from derelay.rules.minting import COIN
from derelay.rules.phases import Candidate, Phase
from derelay.rules.units import NANO
from derelay.rules.verdict import Verdict

VERDICTS = {0: "void", **{verdict.value: verdict.name.lower() for verdict in Verdict}}
"""Names of the verdicts as the contract numbers them; void is who was granted nothing."""

_ROLL_CALLS = (
    ("Entered", "trainer", "entered:"),
    ("TurnedAway", "trainer", "no place for"),
    ("Committed", "trainer", "trained:"),
    ("Disclosed", "trainer", "disclosed:"),
    ("Drawn", "tester", "drawn to test:"),
    ("HandedIn", "trainer", "handed in:"),
    ("ScoresRevealed", "tester", "revealed:"),
    ("Voted", "voter", "voted:"),
)
"""What is told of as a list of people: event, field, words."""


class Narrator:
    """Turns events into moments.

    Parameters
    ----------
    show
        Called when there is a new head, before the moment that tells of it.
    """

    def __init__(
        self,
        cast: Cast,
        show: Callable[[], object],
        rounds: int,
        watch: Callable[[Moment], None],
    ) -> None:
        self._cast = cast
        self._show = show
        self._rounds = rounds
        self._watch = watch
        self._told = 0
        self._phase = Phase.REST
        self._events: list[Event] = []

    def tell(self) -> None:
        """Tell of the phases that have ended since the last call."""
        history = self._cast.relay.history
        history.update()
        for event in history.events[self._told :]:
            self._events.append(event)
            if event.name == "HeadChanged":
                self._show()
            if event.name == "PhaseChanged":
                self._watch(Moment(event.values["round"], self._rounds, self._phase, tuple(self._lines())))
                self._phase = Phase(event.values["phase"])
                self._events = []
        self._told = len(history.events)

    def _lines(self) -> Iterator[str]:
        """Tell of a phase's events, those of one kind in one line."""
        head = self._cast.relay.view().head.id
        for name, field, words in _ROLL_CALLS:
            people = [self._name(event.values[field]) for event in self._events if event.name == name]
            if people:
                yield f"{words} {', '.join(people)}"
        served: defaultdict[str, list[str]] = defaultdict(list)
        for event in self._events:
            if event.name == "KeyGranted" and event.values["baton"] == head:
                served[self._name(event.values["granter"])].append(self._name(event.values["reader"]))
        for owner, readers in served.items():
            yield f"{owner} serves {', '.join(readers)}"
        for event in self._events:
            values = event.values
            if event.name == "Judged":
                yield self._verdict(values)
            elif event.name == "HeadChanged":
                yield (
                    f"head v{values['version']}: {Candidate(values['candidate']).name.lower()}, "
                    f"gain {values['gain'] / NANO:+.4f} nats, {values['minted'] / COIN:.3f} coins"
                )
            elif event.name == "HeadKept":
                yield "the head stays"
            elif event.name == "TesterSettled" and values["slashed"]:
                yield f"{self._name(values['tester'])} was silent and is slashed"

    def _verdict(self, values: dict[str, Any]) -> str:
        text = f"{self._name(values['trainer'])}: {VERDICTS[values['verdict']]}"
        if values["verdict"] in (Verdict.PASS, Verdict.UNDECIDED, Verdict.FAIL):
            text += f", gain {values['gain'] / NANO:+.4f} ± {values['error'] / NANO:.4f}"
        return text

    def _name(self, address: str) -> str:
        return self._cast.names[address]
