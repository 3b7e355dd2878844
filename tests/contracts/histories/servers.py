"""Whoever has a baton grants its key to those who need it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from model.state import State

from histories.stage import Call

if TYPE_CHECKING:
    from histories.duties import Duties

CONTENT = b"content ".rjust(32)
KEY = b"k" * 80


class Servers:
    def __init__(self, duties: Duties) -> None:
        self.duties = duties

    @property
    def state(self) -> State:
        return self.duties.pair.model.state

    def serve_owners(self) -> Iterator[Call]:
        yield from self._serve(self.state.head.id, self.state.owners)

    def serve_trainers(self) -> Iterator[Call]:
        """Grant the head to trainers: the owner assigned to each, sometimes another."""
        state, head = self.state, self.state.head.id
        by_server: defaultdict[str, list[str]] = defaultdict(list)
        for entry in state.book.entries:
            if entry.admitted and (head, entry.trainer) not in state.holds:
                server = state.server_of(entry.admitted)
                if self.duties.deviates():
                    server = self.duties.random.choice(self._holders(head) or [server])
                by_server[server].append(entry.trainer)
        for server, readers in by_server.items():
            yield self._grant(server, head, readers)

    def serve_testers(self) -> Iterator[Call]:
        yield from self._serve(self.state.head.id, self.state.book.deck)

    def serve_anyone(self) -> Iterator[Call]:
        """Grant children to somebody, who may be a tester or a voter that needs it."""
        for child in self.state.book.children:
            holders = self._holders(child.id)
            if holders:
                reader = self.duties.random.choice(self.duties.pair.stage.people)
                yield self._grant(self.duties.random.choice(holders), child.id, [reader])

    def serve_voters(self) -> Iterator[Call]:
        for child in self.state.pool:
            voters = self.state.book.deck[: self.state.voters]
            yield from self._serve(self.state.book.children[child].id, voters)

    def _serve(self, baton: bytes, readers: Iterable[str]) -> Iterator[Call]:
        """Let a holder grant a baton to those who lack it."""
        holders = self._holders(baton)
        lacking = [who for who in readers if (baton, who) not in self.state.holds]
        if holders and lacking:
            yield self._grant(self.duties.random.choice(holders), baton, lacking)

    def _holders(self, baton: bytes) -> list[str]:
        return [who for who in self.duties.pair.stage.people if (baton, who) in self.state.holds]

    def _grant(self, server: str, baton: bytes, readers: list[str]) -> Call:
        """Grant to readers, sometimes to anybody with them."""
        if self.duties.deviates():
            readers = [*readers, self.duties.random.choice(self.duties.pair.stage.everybody)]
        return Call(server, "grant", (baton, CONTENT, readers, sealed_keys(len(readers), self.duties)))


def sealed_keys(count: int, duties: Duties) -> list[bytes]:
    """Return so many sealed keys, sometimes one more or less, or one of another length."""
    deviates = duties.deviates
    return [KEY] * (count - 1 + deviates() - deviates()) + [KEY[1:] if deviates() else KEY]
