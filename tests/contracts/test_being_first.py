"""What whoever sees a call before it is in a block can do by being first (docs/explanation/randomness.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import cycle

import pytest
from eth_typing import ChecksumAddress
from harness import QUICK, Round, relay_of
from harness.rounds import KEY
from scene import Scene, scene
from waiting import CASES, COIN, X, with_coins

from derelay.chain.chain import Reverted
from derelay.chain.contract import Event
from derelay.rules.phases import WINDOWS, Phase


def fees(events: Sequence[Event]) -> dict[ChecksumAddress, int]:
    """Return what was credited for closing."""
    return {
        event.values["who"]: event.values["native"]
        for event in events
        if event.name == "Credited" and event.values["reason"] == 3
    }


@pytest.mark.parametrize("phase", [phase for phase in WINDOWS if phase is not Phase.REST])
def test_the_first_to_close_has_the_fee_and_nothing_else_changes(phase):
    s = scene(phase)
    relay, (ada, bob) = s.relay, s.testers[:2]
    ends = []
    for who in (ada, bob):
        with relay.machine.tried():
            if phase is Phase.ENTER:
                relay.enter(s.newcomers[0], X)
            assert fees(relay.close(who)) == {who: relay.parameters.closing_fee}
            with pytest.raises(Reverted, match=r"window is open|nothing to close"):
                relay.send(ada, "close")
            ends.append(relay.rounds.read("current"))
    assert ends[0] == ends[1]


def until_step(s: Scene, phase: Phase) -> None:
    if phase is Phase.DRAW:
        s.relay.send(s.newcomers[0], "disclose", s.round.secret(s.newcomers[0], "secret"))
    if phase is not Phase.ADMIT:
        s.relay.close()
    assert s.relay.phase is phase
    s.relay.machine.advance(12, 2)


STEPS = {
    Phase.ADMIT: Phase.ADMIT,
    Phase.DRAW: Phase.DISCLOSE,
    Phase.JUDGE: Phase.REVEAL,
    Phase.SETTLE: Phase.POOL,
}
"""From which scene each step is reached."""


@pytest.mark.parametrize("phase", STEPS)
def test_who_advances_together_advances_as_one_would(phase):
    s = scene(STEPS[phase])
    relay, (ada, bob) = s.relay, s.testers[:2]
    ends = []
    for team in ((ada,), (bob, ada)):
        with relay.machine.tried():
            until_step(s, phase)
            for who in cycle(team):
                relay.send(who, "advance", 2)
                if relay.phase is not phase:
                    break
            ends.append((relay.rounds.read("current"), relay.entries(), relay.deck(), relay.children()))
    assert ends[0] == ends[1]


TOO_LATE = {
    "rounds.enter": "not the time to enter",
    "rounds.grant": "not entitled",
    "rounds.commit": "not the time to commit",
    "rounds.disclose": "not the time to disclose",
    "rounds.hand_in": "not the time to hand in",
    "rounds.score": "not the time to score",
    "rounds.reveal": "not the time to reveal",
    "rounds.vote": "not the time to vote",
    "registry.maintain": "registry: list is frozen",
    "registry.retire": "registry: list is frozen",
}


@pytest.mark.parametrize("name", TOO_LATE)
def test_whoever_closes_the_window_first_shuts_out_who_waited_for_its_end(name):
    call = CASES[name]()
    with call.scene.relay.machine.tried():
        call.scene.relay.close(call.scene.stranger)
        call.refused(TOO_LATE[name])


def test_places_can_be_taken_first_and_who_finds_none_loses_nothing():
    relay, trainers, _ = relay_of(3, 5, replace(QUICK, max_entries=2))
    Round(relay)
    ada, bob, cleo = trainers
    for who in (bob, cleo):
        relay.enter(who, X)
    before = relay.machine.balance(ada)
    with pytest.raises(Reverted, match="full"):
        relay.enter(ada, X)
    assert relay.machine.balance(ada) == before


def test_a_secret_whose_hash_was_copied_is_not_cancelled():
    """Two equal secrets would be nothing in exclusive or: but a hash opens for its own sender only."""
    s = scene(Phase.ENTER)
    relay, (ada, bob, _) = s.relay, s.newcomers
    secret = s.round.secret(ada, "secret")
    with relay.machine.tried():
        seen = relay.context(ada).to_secret(secret)
        relay.send(bob, "enter", seen, value=sum(relay.price_of(bob)))
        relay.enter(ada, secret)
        relay.close()
        relay.advance()
        for who in (ada, bob):
            relay.send(who, "commit", X)
        relay.close()
        relay.send(ada, "disclose", secret)
        with pytest.raises(Reverted, match="wrong secret"):
            relay.send(bob, "disclose", secret)
        assert relay.round.secrets == int.from_bytes(secret, "big")


def test_in_the_second_half_whoever_copies_a_grant_first_is_the_server():
    call = CASES["rounds.grant"]()
    s = call.scene
    copier = next(who for who in s.owners if who != call.sender)
    with s.relay.machine.tried():
        s.relay.machine.advance(5, 1)
        assert call.send(copier) != call.send()  # both are events, by different granters
        (ada,) = call.args[2]
        entry = next(entry for entry in s.relay.entries() if entry.trainer == ada)
        assert entry.server == copier


def test_a_child_whose_id_was_known_to_another_when_it_committed_can_be_handed_in_first():
    s = scene(Phase.TRAIN)
    relay, (ada, bob, _) = s.relay, s.newcomers
    child = s.round.child(ada)
    with relay.machine.tried():
        for who in (ada, bob):
            commitment = relay.context(who).to_child(child, s.round.secret(who, "salt"))
            relay.send(who, "commit", commitment)
        relay.close()
        s.round.disclose((ada, bob))
        keys = [KEY] * relay.round.seats
        relay.send(bob, "hand_in", child, X, s.round.secret(bob, "salt"), keys)
        with pytest.raises(Reverted, match="baton seen before"):
            relay.send(ada, "hand_in", child, X, s.round.secret(ada, "salt"), keys)


def test_the_first_to_commit_has_the_first_child_whose_testers_nobody_knows():
    call = CASES["rounds.commit"]()
    s = call.scene
    with s.relay.machine.tried():
        for who in (s.newcomers[1], call.sender):
            call.send(who)
        assert [s.relay.entries()[child.entry].trainer for child in s.relay.children()] == [
            s.newcomers[1],
            call.sender,
        ]
        assert (s.relay.round.secrets, s.relay.round.deck) == (0, 0)


def test_a_vote_that_was_copied_is_paid_and_counts_its_sender_among_the_holders():
    call = CASES["rounds.vote"]()
    s = call.scene
    tess, tom, *others = s.testers
    with s.relay.machine.tried():
        for who in (tess, tom, *others):
            call.send(who)
        s.relay.close()
        first = len(s.relay.events)
        s.relay.advance()
        head = s.relay.head.id
        assert head == call.args[0]
        assert all(s.relay.rounds.read("holds", head, who) for who in (tess, tom))
        paid = {
            event.values["tester"]: event.values["fee"]
            for event in s.relay.events[first:]
            if event.name == "TesterSettled"
        }
        assert paid[tom] == paid[tess] > 0


def test_who_offers_to_maintain_first_stands_first_in_the_list():
    call = CASES["registry.maintain"]()
    relay, bob = call.scene.relay, call.scene.newcomers[1]

    def place(who: ChecksumAddress) -> int:
        return relay.registry.read("member", who)[3]

    with relay.machine.tried():
        call.send()
        alone = place(call.sender)
    with relay.machine.tried():
        call.send(bob)
        call.send()
        assert (place(bob), place(call.sender)) == (alone, alone + 1)


def test_anyone_can_register_with_anothers_key():
    """And cannot read what is sealed to it: whoever grants to the copier grants to the key's owner."""
    call = CASES["registry.register"]()
    relay, copier = call.scene.relay, call.scene.relay.machine.account()
    with relay.machine.tried():
        for who in (copier, call.sender):
            call.send(who)
        assert {relay.registry.read("member", who)[0] for who in (copier, call.sender)} == {call.args[0]}


def test_who_may_spend_spends_the_old_allowance_before_the_new_one():
    """The known race of ERC-20: set an allowance to nothing first, look, then set the new one."""
    s = with_coins()
    relay, (ada, bob, _) = s.relay, s.owners

    def spend() -> None:
        relay.send(bob, "transferFrom", ada, bob, COIN, to=relay.coin)

    with relay.machine.tried():
        spend()  # the old one, when the new one is seen
        relay.send(ada, "approve", bob, COIN, to=relay.coin)
        spend()
    with relay.machine.tried():
        relay.send(ada, "approve", bob, 0, to=relay.coin)
        with pytest.raises(Reverted, match="coin: allowance"):
            spend()


def test_two_who_may_spend_the_same_coins():
    s = with_coins()
    relay, (ada, bob, cleo) = s.relay, s.owners
    everything = relay.coin.read("balanceOf", ada)
    with relay.machine.tried():
        for who in (bob, cleo):
            relay.send(ada, "approve", who, everything, to=relay.coin)
        relay.send(cleo, "transferFrom", ada, cleo, everything, to=relay.coin)
        with pytest.raises(Reverted, match="coin: balance"):
            relay.send(bob, "transferFrom", ada, bob, everything, to=relay.coin)
