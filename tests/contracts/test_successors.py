"""A relay that begins with a head of an old one: no relay can be changed, but anyone can found the next."""

import pytest
from harness import QUICK, Machine, Relay, Round

from derelay.chain.chain import Reverted


def played(rounds: int) -> tuple[Machine, Relay, list]:
    """Return a relay that has heads, with its trainers."""
    relay = Relay(machine=Machine())
    trainers = [relay.join() for _ in range(3)]
    for _ in range(5):
        relay.join(maintains=True)
    for _ in range(rounds):
        Round(relay).play(trainers)
    return relay.machine, relay, trainers


def successor(old: Relay, version: int, genesis: bytes | None = None, chain_id: int = 1) -> Relay:
    head = old.rounds.read("head_of", version) if genesis is None else genesis
    return Relay(machine=old.machine, genesis=head, origin=(chain_id, old.rounds.address, version))


def test_versions_go_on_and_nobody_pays_twice():
    _, old, trainers = played(3)
    relay = successor(old, 3)
    assert (relay.head.id, relay.head.version) == (old.head.id, 3)
    assert relay.rounds.read("origin") == (1, old.rounds.address, 3)
    newcomer = relay.join()
    for who in trainers:
        assert relay.rounds.read("newest", who) == 3
        assert relay.price_of(who)[0] == QUICK.price
    assert relay.price_of(relay.creator)[0] == QUICK.price
    assert relay.price_of(newcomer)[0] == 4 * QUICK.price
    testers = [relay.join(maintains=True) for _ in range(5)]
    Round(relay).play([newcomer])
    assert relay.head.version == 4
    assert relay.price_of(newcomer)[0] == QUICK.price
    assert relay.rounds.read("newest", testers[0]) == 4


def test_what_was_granted_after_the_fork_counts_for_nothing():
    _, old, trainers = played(2)
    relay = successor(old, 1)
    Round(old).play(trainers)
    assert old.rounds.read("newest", trainers[0]) == 3
    assert relay.rounds.read("newest", trainers[0]) == 1
    maker = relay.join()
    for _ in range(5):
        relay.join(maintains=True)
    for _ in range(3):
        Round(relay).play([maker])
    assert relay.head.version == 4
    assert relay.price_of(trainers[0])[0] == 4 * QUICK.price


def test_a_successor_of_a_successor():
    _, old, trainers = played(1)
    second = successor(old, 1)
    third = successor(second, 1)
    assert third.rounds.read("newest", trainers[0]) == 1
    assert third.price_of(trainers[0])[0] == QUICK.price


def test_a_genesis_that_was_no_head_is_refused():
    _, old, _ = played(1)
    for version, genesis in ((1, b"x" * 32), (0, old.head.id), (2, old.head.id)):
        with pytest.raises(Reverted, match="no head of the origin"):
            successor(old, version, genesis)
    with pytest.raises(Reverted, match="version of the origin"):
        successor(old, 2**64, old.head.id, chain_id=5)
    nowhere = "0x" + "00" * 20
    for origin in ((1, nowhere, 0), (0, nowhere, 1)):
        with pytest.raises(Reverted, match="version without an origin"):
            Relay(machine=old.machine, genesis=old.head.id, origin=origin)


def test_of_a_relay_on_another_chain_the_contract_knows_nothing():
    _, old, trainers = played(1)
    relay = successor(old, 7, b"x" * 32, chain_id=5)
    assert (relay.head.id, relay.head.version) == (b"x" * 32, 7)
    assert relay.rounds.read("newest", trainers[0]) == 0
    assert relay.price_of(relay.creator)[0] == QUICK.price
