"""The duty of a maintainer: test children, vote on the pool, close windows."""

from __future__ import annotations

from collections.abc import Sequence

from derelay.baton.baton import Baton
from derelay.baton.codecs import codec_named
from derelay.baton.errors import BatonError
from derelay.baton.keys import pool_key
from derelay.baton.manifest import Manifest
from derelay.chain.view import Child, View
from derelay.learn.compression import encoded
from derelay.learn.pooling import pooled
from derelay.learn.scoring import Yardstick
from derelay.node.participant import Participant
from derelay.rules.phases import Candidate, Phase
from derelay.rules.pool import Ballot, members
from derelay.rules.score import pack
from derelay.rules.units import NANO, SHARE_ONE
from derelay.rules.verdict import Seat

SCORE_GAS = 150_000
REVEAL_GAS = 150_000
WORD_GAS = 40_000
VOTE_GAS = 350_000
ASK_GAS = 100_000
_WORD = 32


def test(me: Participant, view: View) -> bool:
    """Do what a drawn tester has to; return whether anything was sent."""
    place = view.card_of(me.address)
    if place is None:
        return False
    card = view.deck[place]
    if view.phase is Phase.SCORE and not card.scored:
        return _score(me, view, place)
    if view.phase is Phase.REVEAL and card.scored and not card.revealed:
        return _reveal(me, view)
    if view.phase is Phase.POOL and card in view.voters and not card.voted:
        return _vote(me, view)
    return False


def _score(me: Participant, view: View, card: int) -> bool:
    number = view.round.number
    written = me.journal.fact(number, "scores")
    if written is None:
        children = [view.children[i] for i in view.children_of(card)]
        needed = [view.head.id, *(child.id for child in children if child.is_handed_in)]
        if not view.is_second_half:
            missing = [id for id in needed if me.baton(id) is None]
            if missing:
                return any([_ask(me, id) for id in missing])
        measure = Measurer(me, view)
        step = view.parameters.step / SHARE_ONE
        said = [me.strategy.scores(child.id, measure.child(child.id, step)) for child in children]
        words = [pack(seat) for seat in said]
        written = me.journal.remember(number, "scores", lambda: _joined(words))
    salt = me.journal.remember(number, "scores' salt", lambda: me.entropy(32))
    commitment = me.context().to_scores(_words(written), salt)
    return me.act("score", me.relay.rounds, "score", commitment, gas=SCORE_GAS)


def _ask(me: Participant, baton: bytes) -> bool:
    return me.act(f"ask for {baton.hex()[:12]}", me.relay.rounds, "ask", baton, gas=ASK_GAS)


class Measurer:
    """Measures children and candidates against the head, on one's own held-out cases."""

    def __init__(self, me: Participant, view: View) -> None:
        self._me = me
        self._head = me.baton(view.head.id)
        self._version = view.head.version + 1
        self._clip = view.parameters.clip / NANO
        self._yardstick: Yardstick | None = None

    def child(self, id: bytes, step: float) -> Seat | None:
        """Return the gain of a child; None for one that is not to be had."""
        baton = self._me.baton(id) if any(id) else None
        return self.baton(baton if baton is not None and self._is_sound(baton.manifest) else None, step)

    def _is_sound(self, child: Manifest) -> bool:
        """Whether a child says that it is of this relay's task, and made from the head."""
        relay = self._me.relay
        is_of_task = (child.task, child.task_hash) == (relay.task_name, relay.task_hash)
        return is_of_task and self._head is not None and child.parents == (self._head.id,)

    def baton(self, baton: Baton | None, step: float) -> Seat | None:
        """Return the gain of a baton, made from the head or its children; None if one of them is missing."""
        if self._head is None or baton is None or baton.manifest.version != self._version:
            return None
        with self._me.stopwatch.measure("scoring"):
            if self._yardstick is None:
                cases = self._me.share.held_out
                self._yardstick = Yardstick(self._me.task, self._head.tensors, cases, self._clip)
            gain = self._yardstick.gain(baton.tensors, step)
        return Seat(gain.mean_nano, gain.se_nano)


def _reveal(me: Participant, view: View) -> bool:
    written = me.journal.fact(view.round.number, "scores")
    salt = me.journal.fact(view.round.number, "scores' salt")
    if written is None or salt is None:
        return False
    words = _words(written)
    gas = REVEAL_GAS + WORD_GAS * len(words)
    return me.act("reveal", me.relay.rounds, "reveal", words, salt, gas=gas)


def _vote(me: Participant, view: View) -> bool:
    number = view.round.number
    ballot = me.journal.fact(number, "ballot")
    if ballot is None:
        pool = [view.children[i] for i in view.pool]
        if not view.is_last_quarter:
            missing = [child.id for child in pool if me.baton(child.id) is None]
            if missing:
                return any([_ask(me, id) for id in missing if me.relay.history.has(id, me.address)])
        said = me.strategy.votes(_ballot(me, view, pool))
        if said is None:
            return False
        ballot = me.journal.remember(number, "ballot", lambda: b"".join(said.names) + _joined(said.scores))
    names, words = [ballot[:_WORD], ballot[_WORD : 2 * _WORD]], _words(ballot[2 * _WORD :])
    return me.act("vote", me.relay.rounds, "vote", *names, words, gas=VOTE_GAS)


def _ballot(me: Participant, view: View, pool: Sequence[Child]) -> Ballot:
    """Name the two averages, and measure these and the best child."""
    measure = Measurer(me, view)
    names: list[bytes] = []
    gains: list[Seat | None] = []
    for candidate in (Candidate.POOLED, Candidate.PASSED):
        places = members(candidate, view.pool, [child.passed for child in pool])
        baton = _pool(me, view, [view.children[i].id for i in places])
        names.append(baton.id if baton else bytes(_WORD))
        gains.append(measure.baton(baton, 1.0))
    pooled, passed = gains
    best = measure.child(pool[0].id, 1.0)
    return Ballot((names[0], names[1]), (pack(pooled), pack(passed), pack(best)))


def _pool(me: Participant, view: View, ids: Sequence[bytes]) -> Baton | None:
    """Make the head that comes of some children, the same bits and the same sealed blob for every voter.

    None if there is no child, head or child cannot be had, or they add up to no finite weights.
    """
    head = me.baton(view.head.id)
    children = {id: baton for id in sorted(ids) if (baton := me.baton(id)) is not None}
    keys = {id: key[0] for id in children if (key := me.key(id)) is not None}
    if head is None or not ids or len(children) < len(ids):
        return None
    step = view.parameters.step / SHARE_ONE
    average = pooled(head.tensors, [child.tensors for child in children.values()], step)
    sent = encoded(codec_named(me.task.pool_codec), average, head.tensors)
    parents = [*children] if len(children) * step >= 1 else [*children, head.id]
    try:
        pool = me.make(sent.settled, parents, view.head.version + 1)
    except BatonError as error:
        me.log.warning("round %d: the children have no average: %s", view.round.number, error)
        return None
    if me.key(pool.id) is None:
        me.shelve(pool, pool_key(keys, view.head.id), sent.form(view.head.id))
    return pool


def _joined(words: Sequence[int]) -> bytes:
    return b"".join(word.to_bytes(_WORD, "big") for word in words)


def _words(written: bytes) -> list[int]:
    return [int.from_bytes(written[i : i + _WORD], "big") for i in range(0, len(written), _WORD)]
