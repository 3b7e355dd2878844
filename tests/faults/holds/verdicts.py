"""The verdicts of a relay, each beside what its testers said: what false seats may move, and what not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from eth_typing import ChecksumAddress

from derelay.chain.relay import Relay
from derelay.chain.view import View
from derelay.rules.parameters import Parameters
from derelay.rules.score import unpack
from derelay.rules.verdict import Seat, Verdict, dropped


@dataclass(frozen=True)
class Judged:
    """A child that was handed in, and its verdict.

    Attributes
    ----------
    said
        By tester; None for who measured nothing.
    """

    round: int
    trainer: ChecksumAddress
    verdict: Verdict
    gain: int
    said: Mapping[ChecksumAddress, Seat | None]

    def others(self, truthful: Collection[ChecksumAddress]) -> int:
        """Return how many seats gave a measurement that need not be true."""
        return sum(seat is not None and who not in truthful for who, seat in self.said.items())

    def is_captured(self, truthful: Collection[ChecksumAddress], rules: Parameters) -> bool:
        """Return whether more seats may be false than are dropped at one end."""
        measured = sum(seat is not None for seat in self.said.values())
        return measured > 0 and self.others(truthful) > dropped(measured, rules.trim)

    def is_among(self, truthful: Collection[ChecksumAddress], rules: Parameters) -> bool:
        """Return whether its gain lies among those that the truthful measured, if it has one."""
        clip = rules.clip
        gains = [
            max(-clip, min(clip, seat.gain))
            for who, seat in self.said.items()
            if seat is not None and who in truthful
        ]
        return self.verdict is Verdict.MISSING or not gains or min(gains) <= self.gain <= max(gains)


def judged(relay: Relay, rounds: Mapping[int, View]) -> Iterator[Judged]:
    """Yield the children that were handed in, in order.

    Parameters
    ----------
    rounds
        Each as it was when its children had been judged.
    """
    opened = {
        (event.values["round"], event.values["tester"]): event.values["scores"]
        for event in relay.history.named("ScoresRevealed")
    }
    for number, view in rounds.items():
        for place, child in enumerate(view.children):
            if not (child.is_handed_in and child.verdict):
                continue
            said: dict[ChecksumAddress, Seat | None] = {}
            for tester in view.testers_of(place):
                words = opened.get((number, tester))
                card = view.card_of(tester)
                assert card is not None
                said[tester] = unpack(words[view.children_of(card).index(place)]) if words else None
            trainer = view.entries[child.entry].trainer
            yield Judged(number, trainer, Verdict(child.verdict), child.gain, said)


def misjudged(
    relay: Relay, rounds: Mapping[int, View], truthful: Collection[ChecksumAddress]
) -> Iterator[str]:
    """Yield, in words, the verdicts that no more false seats than are dropped have moved."""
    for each in judged(relay, rounds):
        rules = relay.parameters
        if not each.is_captured(truthful, rules) and not each.is_among(truthful, rules):
            yield f"round {each.round}: {each.others(truthful)} seats moved the verdict on {each.trainer[:8]}"
