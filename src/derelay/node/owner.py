"""The duty of whoever holds a baton: grant its key to those who are entitled to it."""

from __future__ import annotations

from eth_typing import ChecksumAddress

from derelay.chain.view import View
from derelay.node.participant import Participant
from derelay.rules.phases import Phase

GRANT_GAS = 100_000
READER_GAS = 90_000
MAX_READERS = 32


def serve(me: Participant, view: View) -> bool:
    """Grant what is due; return whether anything was sent."""
    sent = _grant(me, view, view.head.id, _readers_of_head(me, view))
    if view.phase is Phase.SCORE:
        for place, child in enumerate(view.children):
            sent |= _grant(me, view, child.id, _testers_in_want(me, view, place))
    if view.phase is Phase.POOL:
        for place in view.pool:
            sent |= _grant(me, view, view.children[place].id, _voters_without(me, view, place))
    return sent


def _readers_of_head(me: Participant, view: View) -> list[ChecksumAddress]:
    """Return whom it is one's turn to serve: in the first half of a window one's own, then all who wait.

    A tester who says that its owner granted it nothing that opens the head is served by all at once.
    """
    readers = (
        [who for who in view.owners if not _is_at_stake(view, who)] if _is_first_holder(me, view) else []
    )
    if view.phase is Phase.TRAIN:
        readers += [
            entry.trainer
            for entry in view.entries
            if entry.admitted
            and not entry.child
            and (view.is_second_half or view.server_of(entry) == me.address)
            and (not view.is_last_quarter or me.relay.holds(view.head.id, entry.trainer))
        ]
    elif Phase.SEAL <= view.phase <= Phase.POOL:
        owners = view.owners
        readers += [
            card.tester
            for i, card in enumerate(view.deck)
            if view.is_second_half
            or owners[i % len(owners)] == me.address
            or me.relay.history.is_wanted(view.head.id, card.tester)
        ]
    return readers


def _is_at_stake(view: View, owner: ChecksumAddress) -> bool:
    """Return whether an owner trains: while its entry is not judged it is served as a trainer only."""
    entry = view.entry_of(owner)
    return entry is not None and entry.admitted > 0 and Phase.TRAIN <= view.phase <= Phase.JUDGE


def _is_first_holder(me: Participant, view: View) -> bool:
    """Return whether one is first of those who made the head; after half of a window, any holder is."""
    if view.is_second_half:
        return True
    return me.relay.history.makers(view.head.id)[:1] == [me.address]


def _testers_in_want(me: Participant, view: View, place: int) -> list[ChecksumAddress]:
    """Return the testers of a child who say that its trainer granted them nothing that opens it."""
    child = view.children[place]
    if not child.is_handed_in:
        return []
    return [who for who in view.testers_of(place) if me.relay.history.is_wanted(child.id, who)]


def _voters_without(me: Participant, view: View, place: int) -> list[ChecksumAddress]:
    """Return the voters: the child's trainer serves them; whom it gave nothing that opens it, anyone can."""
    child = view.children[place]
    voters = [card.tester for card in view.voters]
    if view.entries[child.entry].trainer == me.address or view.is_second_half:
        return voters
    return [who for who in voters if me.relay.history.is_wanted(child.id, who)]


def _grant(me: Participant, view: View, baton: bytes, readers: list[ChecksumAddress]) -> bool:
    waiting = [who for who in dict.fromkeys(readers) if _waits(me, baton, who)][:MAX_READERS]
    if not waiting or me.baton(baton) is None or not me.relay.holds(baton, me.address):
        return False
    whole = any(_needs_whole(me, view, baton, who) for who in waiting)
    content, keys = me.sealed_for(baton, waiting, whole=whole)
    before = sum(len(me.relay.history.grants(baton, who)) for who in waiting)
    action = f"grant {baton.hex()[:12]} to {', '.join(who[:8] for who in waiting)} after {before}"
    gas = GRANT_GAS + READER_GAS * len(waiting)
    return me.act(action, me.relay.rounds, "grant", baton, content, waiting, keys, gas=gas)


def _needs_whole(me: Participant, view: View, baton: bytes, reader: ChecksumAddress) -> bool:
    """Return whether a change is of no use to a reader: it holds no base, or could open nothing so far.

    Who is granted a child is granted the head, too, which children are changes to.
    """
    change, history = me.shelf.change(baton), me.relay.history
    if change is None:
        return False
    holds_base = change.base == view.head.id or history.has(change.base, reader)
    return not holds_base or history.is_wanted(baton, reader)


def _waits(me: Participant, baton: bytes, reader: ChecksumAddress) -> bool:
    if reader == me.address or not me.relay.member(reader).is_registered:
        return False
    history = me.relay.history
    return not history.has(baton, reader) or history.is_wanted(baton, reader)
