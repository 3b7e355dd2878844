"""Committees that lie by agreement: about children, and about the head."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from eth_typing import ChecksumAddress

from derelay.baton.baton import Baton
from derelay.rules.pool import Ballot
from derelay.rules.score import pack
from derelay.rules.verdict import Seat
from faults.strategies.colluding import BLAME, PRAISE
from faults.strategies.player import Player


@dataclass(frozen=True, eq=False)
class Conspirator(Player):
    """Lies in one round, and is honest in all others.

    Attributes
    ----------
    round
        In which it lies.
    """

    round: int = 2

    @property
    def lies(self) -> bool:
        """Whether it does so now."""
        return self.view.round.number == self.round


@dataclass(frozen=True, eq=False)
class Perjurer(Conspirator):
    """Praises a friend's child, and condemns a victim's."""

    victim: ChecksumAddress | None = None
    name = "perjurer"

    def scores(self, child: bytes, measured: Seat | None) -> Seat | None:
        if not self.lies:
            return measured
        if self.is_friends(child):
            return PRAISE
        return BLAME if self.maker(child) == self.victim else measured


@dataclass(frozen=True, eq=False)
class Usurper(Conspirator):
    """Votes for a head that no child was pooled into: the old one with the sign of every weight turned."""

    name = "usurper"

    def votes(self, ballot: Ballot) -> Ballot:
        if not self.lies:
            return ballot
        false = self.false_head()
        return Ballot((false, ballot.names[1]), (pack(PRAISE), *ballot.scores[1:]))

    def false_head(self) -> bytes:
        """Make it, sealed with a key that all of the party derive; return its id."""
        head = self.me.baton(self.view.head.id)
        assert head is not None
        weights = {name: -tensor for name, tensor in head.tensors.items()}
        false: Baton = self.me.make(weights, [head.id], self.view.head.version + 1)
        self.me.shelve(false, sha256(b"usurpers" + false.id).digest())
        return false.id


@dataclass(frozen=True, eq=False)
class Nihilist(Usurper):
    """Votes for an id that stands for nothing."""

    name = "nihilist"

    def false_head(self) -> bytes:
        return sha256(b"nihilists" + self.view.head.id).digest()
