"""A relay in some phase of its second round, where everyone has a call to make."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from eth_typing import ChecksumAddress
from harness import QUICK, Relay, Round

from derelay.rules.phases import Phase

PARAMETERS = replace(QUICK, closing_fee=QUICK.seat_fee // 10)
"""The purse lasts."""


class Scene:
    """A relay in its second round, in some phase: three owners, three newcomers who train, six testers."""

    def __init__(self, phase: Phase) -> None:
        self.relay = relay = Relay(PARAMETERS, audited=False)
        self.stranger = relay.machine.account()
        self.owners = [relay.join() for _ in range(3)]
        self.testers = [relay.join(maintains=True) for _ in range(6)]
        self.newcomers = [relay.join() for _ in range(3)]
        Round(relay).play(self.owners)
        if phase is not Phase.REST:
            self.round = Round(relay)
            self._play(phase)
        assert relay.phase is phase

    def _play(self, phase: Phase) -> None:
        round, relay = self.round, self.relay
        if phase >= Phase.ADMIT:
            for who in self.newcomers:
                relay.enter(who, round.secret(who, "secret"))
            relay.close()
        if phase >= Phase.TRAIN:
            relay.advance()
            round.trainers = self.newcomers
        if phase >= Phase.DISCLOSE:
            round.grant()
            for who in self.newcomers:
                relay.send(who, "commit", self.child_of(who))
            relay.close()
        if phase >= Phase.SEAL:
            round.disclose(self.newcomers)
            self.testers = round.testers
        if phase >= Phase.SCORE:
            round.hand_in()
        if phase is Phase.REVEAL:
            for who in self.testers:
                relay.send(who, "score", self.scores_of(who))
            relay.close()
        if phase >= Phase.POOL:
            round.score()

    def child_of(self, who: ChecksumAddress) -> bytes:
        """Return the commitment to a trainer's child."""
        return self.relay.context(who).to_child(self.round.child(who), self.round.secret(who, "salt"))

    def scores_of(self, who: ChecksumAddress) -> bytes:
        """Return the commitment to a tester's scores."""
        return self.relay.context(who).to_scores(self.round.words_of(who), self.round.secret(who, "salt"))

    @property
    def head(self) -> bytes:
        return self.relay.head.id


scene = cache(Scene)
"""Tests leave no trace in it."""
