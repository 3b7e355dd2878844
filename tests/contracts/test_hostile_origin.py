"""A successor of a contract that is no relay: what its creator keeps in hand.

docs/explanation/threat-model.md, "Successors".
"""

import pytest
from harness import QUICK, Machine, Relay, Round
from harness.code import Deployed

from derelay.chain.chain import Reverted

X, NOBODY = b"\x01" * 32, "0x" + "00" * 20
VERSION = 5


class Trap:
    """A relay that succeeds a liar, with everyone that a relay needs."""

    def __init__(self) -> None:
        self.liar = Deployed(Machine(), "liar")
        self.owner = self.liar.machine.account()
        self.say()
        self.relay = Relay(machine=self.liar.machine, genesis=X, origin=(1, self.liar.address, VERSION))
        self.trainers = [self.relay.join() for _ in range(2)]
        for _ in range(5):
            self.relay.join(maintains=True)

    def say(self, who: str = NOBODY, newest: int = 0, silent: bool = False) -> None:
        data = self.liar.encode("say", X, who, newest, silent)
        self.liar.machine.send(self.owner, self.liar.address, data)


def test_any_contract_can_be_named_that_has_the_views():
    trap = Trap()
    assert (trap.relay.head.id, trap.relay.head.version) == (X, VERSION)


def test_friends_have_a_discount_down_to_the_price_of_one_version():
    trap = Trap()
    friend, other = trap.trainers
    trap.say(friend, newest=2**256 - 1)
    assert trap.relay.price_of(friend)[0] == QUICK.price
    assert trap.relay.price_of(other)[0] == (VERSION + 1) * QUICK.price


def test_nobody_can_enter_whom_the_liar_does_not_answer_but_those_who_were_granted_a_head_here():
    trap = Trap()
    relay, (ada, bob) = trap.relay, trap.trainers
    Round(relay).play([ada])
    assert relay.head.version == VERSION + 1
    trap.say(silent=True)
    round = Round(relay)
    with pytest.raises(Reverted):
        relay.price_of(bob)
    with pytest.raises(Reverted):
        relay.send(bob, "enter", X, value=QUICK.price + QUICK.entry_fee)
    round.enter([ada])
    assert round.trainers == [ada]


def test_the_liar_touches_nothing_else():
    """A round goes on to its end, and everyone leaves with what is theirs, though it falls silent."""
    trap = Trap()
    relay, (ada, bob) = trap.relay, trap.trainers
    round = Round(relay)
    round.enter([ada, bob])
    trap.say(silent=True)
    round.grant()
    round.commit()
    round.hand_in()
    round.score()
    round.vote()
    assert relay.head.version == VERSION + 1
    relay.send(ada, "withdraw", to=relay.accounts)
    relay.send(ada, "leave", to=relay.registry)
