"""The address at which a participant serves its blobs: what the chain says of it is kept true."""

from __future__ import annotations

from derelay.chain.view import View
from derelay.node.participant import Participant

MOVE_GAS = 200_000


def move(me: Participant, view: View) -> bool:
    """Tell the chain of another address than the registered one; return whether anything was sent."""
    member = me.relay.member(me.address)
    if not member.is_registered or member.url == me.url:
        return False
    return me.act(f"move to {me.url}", me.relay.registry, "move", me.url, gas=MOVE_GAS)
