"""How a node stands: where the relay is, what it has, what it waits for."""

from __future__ import annotations

from dataclasses import dataclass

from derelay.chain.relay import Member
from derelay.chain.view import View
from derelay.node.node import Node
from derelay.node.stake import at_stake
from derelay.node.waiting import waits_for


@dataclass(frozen=True)
class Standing:
    """A node as of one block.

    Attributes
    ----------
    waits_for
        What has to happen before it can go on, for people.
    at_stake
        What it loses if it stays away, for people; None for nothing.
    balance
        Wei in its wallet.
    owed
        Wei and coins (1e18 for one) that it may withdraw.
    """

    view: View
    member: Member
    waits_for: str
    at_stake: str | None
    balance: int
    owed: tuple[int, int]

    @property
    def has_left(self) -> bool:
        """Whether it has left the relay, so that nothing is left to do."""
        return self.member.leaves_at > 0

    @property
    def closes_in(self) -> int | None:
        """Seconds of the chain's clock until the window may be closed, zero from then on; None for a step."""
        closes = self.view.closes_at
        return None if closes is None else max(0, closes[0] - self.view.now)


def standing_of(node: Node) -> Standing:
    """Return how a node stands as of the newest block."""
    me, view = node.me, node.me.relay.view()
    return Standing(
        view=view,
        member=me.relay.member(me.address),
        waits_for=waits_for(node, view),
        at_stake=at_stake(me, view),
        balance=me.relay.chain.balance(me.address),
        owed=me.relay.owed(me.address),
    )
