"""What was sent once, sent again by its sender: in a later round, to another relay, on another chain.

A commitment names chain, relay, round and sender. Copied to where one of them differs it is taken for what
it is, 32 bytes, and never opens.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from eth_typing import ChecksumAddress
from harness import Machine, Relay, Round
from harness.rounds import KEY
from pyrevm import EVM, CfgEnv, Env

from derelay.chain.chain import Reverted

TRAINERS, TESTERS = 3, 5


class AnotherChain(Machine):
    """The same accounts and addresses, under another chain id."""

    chain_id = 2

    def __init__(self) -> None:
        super().__init__()
        self._evm = EVM(env=Env(cfg=CfgEnv(chain_id=self.chain_id)), spec_id="CANCUN")
        self._set_block()


def relay_of(people: Sequence[ChecksumAddress], machine: Machine) -> Relay:
    """Return a relay that these have joined, trainers first, testers then."""
    relay = Relay(machine=machine)
    for i, who in enumerate(people):
        maintains = i >= TRAINERS
        relay.people.append(who)
        relay.send(who, "register", KEY[:32], "url", value=relay.bonds[maintains], to=relay.registry)
        if maintains:
            relay.send(who, "maintain", to=relay.registry)
    return relay


def here() -> tuple[Relay, list[ChecksumAddress]]:
    machine = Machine()
    people = [machine.account() for _ in range(TRAINERS + TESTERS)]
    return relay_of(people, machine), people


def later() -> tuple[Relay, Round, Relay]:
    relay, people = here()
    old = Round(relay)
    old.play(people[:TRAINERS])
    return relay, old, relay


def on_another_relay() -> tuple[Relay, Round, Relay]:
    relay, people = here()
    old = Round(relay)
    old.play(people[:TRAINERS])
    return relay, old, relay_of(people, relay.machine)


def on_another_chain() -> tuple[Relay, Round, Relay]:
    relay, people = here()
    old = Round(relay)
    old.play(people[:TRAINERS])
    machine = AnotherChain()
    assert people == [machine.account() for _ in people]
    there = relay_of(people, machine)
    assert there.rounds.address == relay.rounds.address
    return relay, old, there


@pytest.mark.parametrize("elsewhere", [later, on_another_relay, on_another_chain])
def test_no_commitment_opens_elsewhere(elsewhere):
    relay, old, there = elsewhere()
    ada, bob, cleo = relay.people[1 : TRAINERS + 1]
    tess, tom = relay.people[-2:]

    def then(who: ChecksumAddress):
        return relay.context(who, old.number)

    def refused(reason: str, who: ChecksumAddress, *call) -> None:
        with pytest.raises(Reverted) as error:
            there.send(who, *call)
        assert error.value.reason == reason

    round = Round(there)
    secret = old.secret(ada, "secret")
    there.send(ada, "enter", then(ada).to_secret(secret), value=sum(there.price_of(ada)))
    round.enter([bob, cleo])
    assert round.trainers == [ada, bob, cleo]
    round.grant()

    for who in (ada, bob):
        there.send(who, "commit", then(who).to_child(old.child(who), old.secret(who, "salt")))
    there.send(cleo, "commit", there.context(cleo).to_child(round.child(cleo), round.secret(cleo, "salt")))
    there.close()
    refused("wrong secret", ada, "disclose", secret)
    round.disclose([bob, cleo])

    child, salt = old.child(bob), old.secret(bob, "salt")
    refused("child other than committed", bob, "hand_in", child, salt, salt, [KEY] * there.round.seats)
    round.hand_in([cleo])

    words, salt = round.words_of(tess), old.secret(tess, "scores")
    there.send(tess, "score", then(tess).to_scores(words, salt))
    there.send(tom, "score", there.context(tom).to_scores(words, salt))
    there.close()
    refused("scores other than committed", tess, "reveal", words, salt)
    there.send(tom, "reveal", words, salt)  # for whom they were committed here
