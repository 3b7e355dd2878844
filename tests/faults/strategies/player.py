"""What a strategy that nobody should run knows: for whom it plays, and who its friends are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from eth_typing import ChecksumAddress

from derelay.chain.view import View
from derelay.node.journal import Journal
from derelay.node.participant import Participant
from derelay.node.strategy import Honest
from derelay.rules.resting import Resting

JOINING = frozenset({"register", "maintain", "raise_bond", "move", "rotate_key", "withdraw"})
"""Calls that are no duty of a round."""


@dataclass(frozen=True)
class Party:
    """Those who act together.

    Attributes
    ----------
    names
        All of them.
    journals
        Of those whose memory the others can read.
    """

    names: frozenset[ChecksumAddress] = frozenset()
    journals: Mapping[ChecksumAddress, Journal] = field(default_factory=dict)

    @classmethod
    def of(cls, members: Sequence[Participant]) -> Self:
        """Return the party of some who trust each other with all that they remember."""
        return cls(
            frozenset(member.address for member in members),
            {member.address: member.journal for member in members},
        )


@dataclass(frozen=True, eq=False)
class Player(Honest):
    """Honest in everything that a subclass leaves as it is.

    Attributes
    ----------
    memory
        For what it must remember; it does not survive the process.
    """

    me: Participant = field(repr=False)
    party: Party = field(default_factory=Party, repr=False)
    memory: dict[Any, Any] = field(default_factory=dict, repr=False, init=False)
    honest = False

    @property
    def view(self) -> View:
        """The relay as of the newest block."""
        return self.me.relay.view()

    def maker(self, child: bytes) -> ChecksumAddress | None:
        """Return who handed in a child of this round."""
        view = self.view
        makers = {each.id: view.entries[each.entry].trainer for each in view.children if each.is_handed_in}
        return makers.get(child)

    def is_friends(self, child: bytes) -> bool:
        """Return whether a child of this round is one of its own party's."""
        return self.maker(child) in self.party.names


@dataclass(frozen=True, eq=False)
class Persistent(Player):
    """Enters every round, whatever became of its children."""

    def enters(self, number: int, resting: Resting) -> bool:
        return True
