"""What a node does besides its duties: its address kept true, its disk bounded, others' blobs kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from multiformats import CID

from derelay.chain.view import View
from derelay.node.bearings import recent_legs
from derelay.node.holdings import blocks_of, contents_of
from derelay.node.participant import Participant
from derelay.store.guests import Guests

Chore = Callable[[View], object]
"""Called after each block, with what the chain says."""

MOVE_GAS = 200_000
KEPT_HEADS = 16
"""How many of the newest heads a node goes on serving."""
KEPT_ROUNDS = 2
"""For how many rounds all that was fetched or made in them is kept."""


def move(me: Participant, view: View) -> bool:
    """Tell the chain if one serves at another address than registered; return whether anything was sent."""
    member = me.relay.member(me.address)
    if not member.is_registered or member.url == me.url:
        return False
    return me.act(f"move to {me.url}", me.relay.registry, "move", me.url, gas=MOVE_GAS)


class Sweeper:
    """Deletes the sealed blobs of past rounds that are no heads and guide no leg, when a new round begins."""

    def __init__(self, me: Participant) -> None:
        self._me = me
        self._begun: list[tuple[int, float]] = []

    def __call__(self, view: View) -> None:
        """Sweep if a round has begun since the last call."""
        number, now = view.round.number, time.time()
        if self._begun and self._begun[-1][0] == number:
            return
        self._begun = [*self._begun[-KEPT_ROUNDS:], (number, now)]
        if len(self._begun) > KEPT_ROUNDS:
            self._me.store.sweep(list(self._kept(view)), now - self._begun[0][1])

    def _kept(self, view: View) -> Iterator[CID]:
        heads = self._me.relay.history.named("HeadChanged")[-KEPT_HEADS:]
        legs = recent_legs(self._me, view.round.number) if self._me.task.course_weight else {}
        ids = {view.head.id, *(event.values["id"] for event in heads), *(leg.child for leg in legs.values())}
        for id in ids:
            for content in contents_of(self._me, id):
                yield from blocks_of(self._me, content)


class Host:
    """A chore: keeps others' sealed blobs as a mirror, those of registered participants only."""

    def __init__(self, me: Participant, guests: Guests) -> None:
        self._me = me
        self._guests = guests
        self._round: int | None = None

    def __call__(self, view: View) -> None:
        """Admit who has registered; forget what is too old when a new round begins."""
        relay = self._me.relay
        members = {event.values["who"] for event in relay.history.named("Registered")}
        self._guests.admitted = frozenset(who for who in members if relay.member(who).is_registered)
        if view.round.number != self._round:
            self._guests.sweep()
            self._round = view.round.number
