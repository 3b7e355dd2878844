"""Identities and their bonds."""

from dataclasses import replace

import pytest
from harness import ETHER, QUICK, Relay, Round, relay_of
from harness.code import Deployed
from harness.relay import BOND, LEAVE_DELAY, MAINTAINER_BOND

from derelay.chain.chain import Reverted

KEY = b"\x07" * 32


def act(relay, who, function, *args, value=0):
    return relay.send(who, function, *args, value=value, to=relay.registry)


def refused(relay, reason, who, function, *args, value=0):
    with pytest.raises(Reverted) as error:
        act(relay, who, function, *args, value=value)
    assert error.value.reason == reason


@pytest.fixture
def relay():
    return Relay()


def test_registering(relay):
    ada = relay.machine.account()
    refused(relay, "registry: not registered", ada, "maintain")
    refused(relay, "registry: no key", ada, "register", bytes(32), "here", value=BOND)
    refused(relay, "registry: bond too small", ada, "register", KEY, "here", value=BOND - 1)
    act(relay, ada, "register", KEY, "here", value=BOND)
    assert relay.registry.read("member", ada) == (KEY, "here", BOND, 0, 0)
    assert relay.registry.read("may_enter", ada)
    refused(relay, "registry: registered already", ada, "register", KEY, "here", value=BOND)
    act(relay, ada, "rotate_key", bytes(31) + b"\x01")
    act(relay, ada, "move", "there")
    refused(relay, "registry: empty key", ada, "rotate_key", bytes(32))
    assert relay.registry.read("member", ada)[:2] == (bytes(31) + b"\x01", "there")


def test_maintaining_takes_a_larger_bond(relay):
    ada = relay.join()
    refused(relay, "registry: maintainer bond too small", ada, "maintain")
    act(relay, ada, "raise_bond", value=MAINTAINER_BOND - BOND)
    act(relay, ada, "maintain")
    refused(relay, "registry: maintains already", ada, "maintain")
    act(relay, ada, "retire")
    refused(relay, "registry: no maintainer", ada, "retire")
    assert relay.registry.read("maintainer_count") == 0


def test_the_list_stays_without_gaps_whoever_retires(relay):
    people = [relay.join(maintains=True) for _ in range(5)]
    for who in (people[1], people[4], people[0]):
        act(relay, who, "retire")
        people.remove(who)
        count = relay.registry.read("maintainer_count")
        listed = [relay.registry.read("maintainer", i) for i in range(count)]
        assert sorted(listed) == sorted(people)
        assert [relay.registry.read("member", each)[3] for each in listed] == list(range(1, count + 1))


def test_leaving_returns_the_bond_after_a_delay(relay):
    ada = relay.join(maintains=True)
    refused(relay, "registry: has not left", ada, "take_bond")
    act(relay, ada, "leave")
    assert not relay.registry.read("maintains", ada)
    assert not relay.registry.read("may_enter", ada)
    for function, *args in [("leave",), ("maintain",), ("rotate_key", KEY), ("move", ""), ("raise_bond",)]:
        refused(relay, "registry: has left", ada, function, *args)
    relay.machine.advance(LEAVE_DELAY - 1)
    refused(relay, "registry: too early", ada, "take_bond")
    relay.machine.advance(1)
    before = relay.machine.balance(ada)
    act(relay, ada, "take_bond")
    assert relay.machine.balance(ada) - before == MAINTAINER_BOND
    refused(relay, "registry: has not left", ada, "take_bond")
    act(relay, ada, "register", KEY, "back", value=BOND)
    assert relay.registry.read("may_enter", ada)


def test_the_list_is_frozen_until_the_draw_and_duty_keeps_one_until_the_settlement():
    relay, trainers, testers = relay_of(2, 7)
    idle = relay.join()
    round = Round(relay)
    for who, function in ((testers[0], "retire"), (testers[0], "leave")):
        refused(relay, "registry: list is frozen", who, function)
    late = relay.join()
    act(relay, late, "raise_bond", value=BOND)
    refused(relay, "registry: list is frozen", late, "maintain")
    round.enter(trainers)
    round.grant()
    refused(relay, "registry: on duty", trainers[0], "leave")
    act(relay, idle, "leave")
    round.commit()
    act(relay, late, "maintain")
    free = next(who for who in testers if who not in round.testers) if len(round.testers) < 7 else None
    assert free is None  # two children of five seats each occupy all seven
    refused(relay, "registry: on duty", round.testers[0], "leave")
    act(relay, round.testers[0], "retire")  # from the next round on
    round.hand_in()
    round.score()
    refused(relay, "registry: on duty", trainers[1], "leave")
    round.vote()
    act(relay, trainers[1], "leave")
    act(relay, testers[1], "leave")


def test_who_was_slashed_below_the_bond_sits_out_until_it_is_raised():
    relay, trainers, testers = relay_of(2, 5)
    round = Round(relay)
    round.enter(trainers)
    round.grant()
    round.commit()
    round.hand_in()
    silent = round.testers[0]
    act(relay, silent, "retire")  # retiring does not save it
    round.score(testers=[who for who in testers if who != silent])
    round.vote(voters=testers)
    slash = relay.parameters.slash
    assert relay.registry.read("member", silent)[2] == MAINTAINER_BOND - slash
    refused(relay, "registry: maintainer bond too small", silent, "maintain")
    act(relay, silent, "raise_bond", value=slash)
    act(relay, silent, "maintain")


def test_nobody_loses_more_than_its_bond():
    relay, trainers, testers = relay_of(1, 5, replace(QUICK, slash=10 * ETHER))
    round = Round(relay)
    round.enter(trainers)
    round.grant()
    round.commit()
    round.hand_in()
    round.score(testers=[])
    round.vote(voters=[])
    assert all(relay.registry.read("member", who)[2] == 0 for who in testers)
    assert all(not relay.registry.read("may_enter", who) for who in testers)
    assert relay.rounds.read("money")[1] == 5 * MAINTAINER_BOND


def test_only_the_relay_slashes(relay):
    ada = relay.join()
    refused(relay, "registry: not the relay", ada, "slash", relay.creator, 1)


def test_a_bond_is_taken_once_by_a_receiver_that_calls_back(relay):
    intruder = Deployed(relay.machine, "intruder")
    caller = relay.join()
    registry = relay.registry

    def through(function, *args, value=0):
        data = intruder.encode("act", registry.address, registry.encode(function, *args))
        relay.machine.send(caller, intruder.address, data, value)

    relay.join(maintains=True)  # whose bond there would be to steal
    held = relay.machine.balance(registry.address)
    through("register", KEY, "", value=BOND)
    through("leave")
    relay.machine.advance(LEAVE_DELAY)
    arm = intruder.encode("arm", registry.address, registry.encode("take_bond"))
    relay.machine.send(caller, intruder.address, arm)
    through("take_bond")
    assert (intruder.read("attempts"), intruder.read("successes")) == (1, 0)
    assert relay.machine.balance(intruder.address) == BOND
    assert relay.machine.balance(registry.address) == held
