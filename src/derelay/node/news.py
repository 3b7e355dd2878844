"""What happened on the relay that concerns one participant, in words."""

from __future__ import annotations

from collections.abc import Iterator

from eth_typing import ChecksumAddress

from derelay.chain.contract import Event
from derelay.chain.history import History
from derelay.rules.minting import COIN
from derelay.rules.phases import Candidate
from derelay.rules.units import NANO
from derelay.rules.verdict import Verdict


class News:
    """Tells of each block once, beginning with the first that comes after its making.

    Parameters
    ----------
    reader
        Whom verdicts, coins and money must concern; new heads concern everybody.
    """

    def __init__(self, history: History, reader: ChecksumAddress) -> None:
        self._history = history
        self._reader = reader
        history.update()
        self._told = history.events[-1].block if history.events else -1

    def tell(self) -> Iterator[str]:
        """Return what is new."""
        self._history.update()
        new = [event for event in self._history.events if event.block > self._told]
        for event in new:
            self._told = max(self._told, event.block)
            text = self._text(event)
            if text is not None:
                yield text

    def _text(self, event: Event) -> str | None:
        values = event.values
        if event.name == "HeadChanged":
            return (
                f"head v{values['version']} of round {values['round']}: "
                f"{Candidate(values['candidate']).name.lower()}, gain {values['gain'] / NANO:+.4f} nats"
            )
        if event.name == "HeadKept":
            return f"round {values['round']} found nothing better: the head stays"
        who = next((values[name] for name in ("trainer", "tester", "who") if name in values), None)
        return self._own(event) if who == self._reader else None

    def _own(self, event: Event) -> str | None:
        """Return what an event means for the reader; None for what its own node has said already."""
        values = event.values
        match event.name:
            case "Admitted":
                return f"admitted to round {values['round']}: trains"
            case "TurnedAway":
                return f"no place in round {values['round']}: all is paid back"
            case "Drawn":
                return f"drawn to test in round {values['round']}"
            case "Judged":
                return _verdict(values)
            case "Earned":
                how = "serving" if values["by_serving"] else "training"
                return f"earned {values['coins'] / COIN:.4f} coins by {how}"
            case "TesterSettled" if values["slashed"]:
                return f"slashed for silence in round {values['round']}"
        return None


def _verdict(values: dict[str, int]) -> str:
    if not values["verdict"]:
        return f"round {values['round']} granted no head: all is paid back"
    verdict = Verdict(values["verdict"])
    text = f"verdict on the child of round {values['round']}: {verdict.name.lower()}"
    if verdict is not Verdict.MISSING:
        text += f", gain {values['gain'] / NANO:+.4f} ± {values['error'] / NANO:.4f} nats"
    return text
