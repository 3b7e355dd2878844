"""A node that goes on and on: it looks at the chain, does what is due, and waits."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from derelay.baton.blocks import BlockError
from derelay.chain.chain import ChainError
from derelay.chain.view import View
from derelay.node.journal import JournalError
from derelay.node.node import Node
from derelay.node.standing import Standing, standing_of
from derelay.node.stop import Stop
from derelay.node.upkeep import Chore
from derelay.rules.phases import Phase

SHORTEST_WAIT, LONGEST_WAIT = 0.1, 2.0
"""Seconds between two looks at the chain."""
LOOKS = 4
"""How often to look for a block in the time that the last ones took."""
LONGEST_PAUSE = 30.0
"""Seconds between two tries while something fails."""

log = logging.getLogger(__name__)


class Service:
    """A node at work until it is told to stop.

    What fails at an endpoint or on a disk is said once and tried again, at longer and longer intervals.
    Nothing is lost in the meantime: what is due is found anew at each look.

    Parameters
    ----------
    rounds
        After how many more rounds to stop, their heads having been handed on; None for never.
    watch
        Told how the node stands after each block.
    chores
        What else is done after each block; see `derelay.node.upkeep`.
    """

    def __init__(
        self,
        node: Node,
        *,
        rounds: int | None = None,
        watch: Callable[[Standing], None] = lambda standing: None,
        chores: Sequence[Chore] = (),
    ) -> None:
        self.node = node
        self._rounds = rounds
        self._watch = watch
        self._chores = chores
        self._last_round: int | None = None
        self._seen: tuple[int, int] | None = None
        self._wait = SHORTEST_WAIT
        self._failures = 0
        self._said = ""
        self.is_over = False

    def run(self, stop: Stop) -> None:
        """Work until ``stop`` is set, the rounds are over, or the participant has left the relay."""
        while not (stop.is_set() or self.is_over):
            stop.wait(self.turn())

    def turn(self) -> float:
        """Do what is due, if there is a new block; return the seconds to wait before the next turn."""
        try:
            self._look()
        except (ChainError, BlockError, JournalError) as error:
            return self._pause(error)
        if self._failures:
            log.info("it works again")
        self._failures, self._said = 0, ""
        return self._wait

    def _look(self) -> None:
        me = self.node.me
        height = me.relay.chain.height()
        if self._seen is not None and height == self._seen[0]:
            return
        self._pace(height, me.relay.chain.timestamp())
        view = me.look()
        self.is_over = self._is_last(view) or me.relay.member(me.address).leaves_at > 0
        if not self.is_over:
            self.node.step()
            for chore in self._chores:
                chore(view)
        self._watch(standing_of(self.node))
        self._seen = height, view.now

    def _pace(self, height: int, now: int) -> None:
        """Look as often as the chain makes blocks worth it."""
        if self._seen is not None and height > self._seen[0]:
            interval = (now - self._seen[1]) / (height - self._seen[0])
            self._wait = min(max(interval / LOOKS, SHORTEST_WAIT), LONGEST_WAIT)

    def _is_last(self, view: View) -> bool:
        """Return whether the rounds are over, and the last head was handed on: half of a rest suffices."""
        if self._rounds is None:
            return False
        if self._last_round is None:
            self._last_round = view.round.number + self._rounds
        ended = view.phase is Phase.REST and view.is_second_half
        return view.round.number > self._last_round or (view.round.number == self._last_round and ended)

    def _pause(self, error: Exception) -> float:
        self._failures += 1
        pause = min(2.0 ** (self._failures - 1), LONGEST_PAUSE)
        if str(error) != self._said:
            log.warning("%s; trying again", error)
            self._said = str(error)
        return pause
