"""Tells people what happens on a relay, phase by phase, from its events."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from derelay.chain.contract import Event
from derelay.local.cast import Cast
from derelay.local.moment import Moment
from derelay.rules.parameters import NANO
from derelay.rules.phases import Candidate, Phase
from derelay.rules.verdict import Verdict

VERDICTS = {0: "void", **{verdict.value: verdict.name.lower() for verdict in Verdict}}
"""Names of the verdicts as the contract numbers them; void is who was granted nothing."""


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
        show: Callable[[], Path],
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
                lines = tuple(line for line in map(self._line, self._events) if line)
                self._watch(Moment(event.values["round"], self._rounds, self._phase, lines))
                self._phase = Phase(event.values["phase"])
                self._events = []
        self._told = len(history.events)

    def _line(self, event: Event) -> str | None:
        values = event.values
        if event.name == "Entered":
            return f"{self._name(values['trainer'])} enters"
        if event.name == "TurnedAway":
            return f"{self._name(values['trainer'])} finds no place"
        if event.name == "KeyGranted" and values["baton"] == self._cast.relay.view().head.id:
            return f"{self._name(values['granter'])} serves {self._name(values['reader'])}"
        if event.name == "Committed":
            return f"{self._name(values['trainer'])} has trained"
        if event.name == "Drawn":
            return f"{self._name(values['tester'])} is drawn to test"
        if event.name == "Judged":
            return self._verdict(values)
        if event.name == "HeadChanged":
            return (
                f"head v{values['version']}: {Candidate(values['candidate']).name.lower()}, "
                f"gain {values['gain'] / NANO:+.4f} nats, {values['minted'] / 10**18:.3f} coins"
            )
        if event.name == "HeadKept":
            return "the head stays"
        if event.name == "TesterSettled" and values["slashed"]:
            return f"{self._name(values['tester'])} was silent and is slashed"
        return None

    def _verdict(self, values: dict[str, Any]) -> str:
        text = f"{self._name(values['trainer'])}: {VERDICTS[values['verdict']]}"
        if values["verdict"] in (Verdict.PASS, Verdict.UNDECIDED, Verdict.FAIL):
            text += f", gain {values['gain'] / NANO:+.4f} ± {values['error'] / NANO:.4f}"
        return text

    def _name(self, address: str) -> str:
        return self._cast.names[address]
