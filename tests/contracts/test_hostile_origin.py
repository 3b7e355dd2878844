"""A successor of a contract that is no relay: what its creator keeps in hand.

docs/explanation/threat-model.md, "Successors".
"""

import pytest
from eth_typing import ChecksumAddress
from harness import QUICK, Machine, Relay, Round
from harness.code import Deployed

X, NOBODY = b"\x01" * 32, "0x" + "00" * 20
VERSION = 5
ORIGIN_GAS = 200_000
BURNING = pytest.mark.parametrize("burning", [False, True], ids=["reverts", "burns"])


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

    def say(self, who: str = NOBODY, newest: int = 0) -> None:
        self._tell("say", X, who, newest)

    def fall_silent(self, burning: bool) -> None:
        self._tell("fall_silent", burning)

    def _tell(self, *call) -> None:
        self.liar.machine.send(self.owner, self.liar.address, self.liar.encode(*call))

    def gas_to_enter(self, who: ChecksumAddress) -> int:
        with self.relay.machine.tried():
            self.relay.enter(who, X)
        return self.relay.gas["enter"][-1]


def test_any_contract_can_be_named_that_has_the_views():
    trap = Trap()
    assert (trap.relay.head.id, trap.relay.head.version) == (X, VERSION)


def test_friends_have_a_discount_down_to_the_price_of_one_version():
    trap = Trap()
    friend, other = trap.trainers
    trap.say(friend, newest=2**256 - 1)
    assert trap.relay.price_of(friend)[0] == QUICK.price
    assert trap.relay.price_of(other)[0] == (VERSION + 1) * QUICK.price


@BURNING
def test_an_origin_that_does_not_answer_keeps_nobody_out(burning):
    """Whom it does not answer pays as one who was never granted anything."""
    trap = Trap()
    relay, (ada, bob) = trap.relay, trap.trainers
    trap.say(ada, newest=VERSION)
    assert relay.price_of(ada)[0] == QUICK.price
    trap.fall_silent(burning)
    assert relay.rounds.read("newest", ada) == 0
    assert relay.price_of(ada)[0] == (VERSION + 1) * QUICK.price
    round = Round(relay)
    round.enter([ada, bob])
    assert round.trainers == [ada, bob]


def test_an_origin_that_burns_gas_costs_who_enters_no_more_than_it_is_given():
    trap = Trap()
    ada = trap.trainers[0]
    Round(trap.relay)
    before = trap.gas_to_enter(ada)
    trap.fall_silent(burning=True)
    assert ORIGIN_GAS // 2 < trap.gas_to_enter(ada) - before <= ORIGIN_GAS


@BURNING
def test_the_liar_touches_nothing_else(burning):
    """A round goes on to its end, and everyone leaves with what is theirs, though it falls silent."""
    trap = Trap()
    relay, (ada, bob) = trap.relay, trap.trainers
    round = Round(relay)
    round.enter([ada, bob])
    trap.fall_silent(burning)
    round.grant()
    round.commit()
    round.hand_in()
    round.score()
    round.vote()
    assert relay.head.version == VERSION + 1
    relay.send(ada, "withdraw", to=relay.accounts)
    relay.send(ada, "leave", to=relay.registry)
