"""Grants of keys: who is entitled to which baton, and when."""

from __future__ import annotations

from collections.abc import Sequence

from derelay.rules import draw
from derelay.rules.phases import WINDOWS, Phase
from model.state import OLD, State
from model.world import require

SEALED = 80
"""Bytes of a sealed key."""


class Grants:
    def __init__(self, state: State) -> None:
        self.state = state

    def grant(
        self, sender: str, baton: bytes, content: bytes, readers: Sequence[str], keys: Sequence[bytes]
    ) -> None:
        require((baton, sender) in self.state.holds, "not a holder")
        require(len(readers) == len(keys), "a key for each reader")
        for reader, key in zip(readers, keys, strict=True):
            require(self._is_entitled(baton, reader, sender), "not entitled")
            require(len(key) == SEALED, "sealed key of other length")
        for reader, key in zip(readers, keys, strict=True):
            self.record(sender, baton, content, reader, key)

    def ask(self, sender: str, baton: bytes) -> None:
        book = self.state.book
        require(sender in book.entry_of or sender in book.card_of, "not on duty")
        self.state.log("KeyWanted", baton, sender)

    def record(self, sender: str, baton: bytes, content: bytes, reader: str, key: bytes) -> None:
        state = self.state
        if baton == state.head.id:
            if reader in state.book.card_of:
                state.book.gained[reader] += state.head.version - state.newest.get(reader, 0)
            state.newest[reader] = state.head.version
            entry = state.entry_of(reader)
            is_first = (baton, reader) not in state.holds
            if state.round.phase == Phase.TRAIN and entry is not None and is_first:
                entry.server = sender
        state.holds.add((baton, reader))
        state.log("KeyGranted", baton, reader, sender, content, key)

    def _is_entitled(self, baton: bytes, reader: str, granter: str) -> bool:
        state, phase = self.state, self.state.round.phase
        card = state.book.card_of.get(reader)
        if baton == state.head.id:
            entry = state.entry_of(reader)
            if entry is not None and entry.admitted and Phase.TRAIN <= phase <= Phase.JUDGE:
                return self._may_train(reader, granter, entry.admitted)
            return reader in state.owners or (card is not None and Phase.SEAL <= phase <= Phase.POOL)
        number, child = state.child_of.get(baton, OLD)
        if card is None or phase < Phase.SEAL or number != state.round.number:
            return False
        if phase == Phase.POOL:
            return card < state.voters
        return card in draw.committee(child, state.round.seats, state.round.deck)

    def _may_train(self, reader: str, granter: str, admitted: int) -> bool:
        """Whether a trainer is entitled: in time to train, or in the place of a key that does not open."""
        state = self.state
        is_training = state.round.phase == Phase.TRAIN
        is_served = (state.head.id, reader) in state.holds
        if not is_served and (not is_training or self._is_over(3, 4)):
            return False
        return not is_training or granter == state.server_of(admitted) or self._is_over(1, 2)

    def _is_over(self, part: int, of: int) -> bool:
        """Whether a part of the window is over."""
        round, rule, world = self.state.round, self.state.rule, self.state.world
        window = WINDOWS.index(Phase(round.phase))
        return (
            world.time >= round.opened_at + rule.window_seconds[window] * part // of
            and world.height >= round.opened_block + rule.window_blocks[window] * part // of
        )
