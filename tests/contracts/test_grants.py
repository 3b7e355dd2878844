"""Who may be granted which key, by whom, and when."""

import pytest
from harness import Round, relay_of
from harness.rounds import KEY

from derelay.chain.chain import Reverted
from derelay.rules import draw
from derelay.rules.phases import Phase

X = b"\x01" * 32


def grants(relay, granter, baton, *readers):
    relay.send(granter, "grant", baton, X, list(readers), [KEY] * len(readers))


def refused(relay, reason, granter, baton, *readers):
    with pytest.raises(Reverted) as error:
        grants(relay, granter, baton, *readers)
    assert error.value.reason == reason


@pytest.fixture
def second_round():
    """A relay whose second round is being trained: three owners, three trainers, a stranger."""
    relay, trainers, testers = relay_of(3, 6)
    newcomers = [relay.join() for _ in range(3)]
    Round(relay).play(trainers)
    round = Round(relay)
    round.enter(newcomers)
    return relay, round, testers


def test_the_assigned_owner_serves_first_and_then_any_holder(second_round):
    relay, round, _testers = second_round
    head = relay.head.id
    ada, bob, cleo = round.trainers
    server = round.server_of(ada)
    other = next(owner for owner in relay.owners if owner != server)
    refused(relay, "not a holder", bob, head, ada)
    refused(relay, "not entitled", other, head, ada)
    refused(relay, "not entitled", server, head, relay.creator)
    grants(relay, server, head, ada)
    assert relay.entries()[0].server == server
    assert relay.rounds.read("newest", ada) == 1

    relay.machine.advance(5, 0)  # half the time, but not yet half the blocks
    refused(relay, "not entitled", other, head, ada)
    relay.machine.advance(0, 1)
    for who in (bob, cleo):
        stranger = next(owner for owner in relay.owners if owner != round.server_of(who))
        grants(relay, stranger, head, who)
        assert relay.rounds.read("holds", head, who)
    assert relay.entries()[1].server != round.server_of(bob)
    grants(relay, other, head, ada)
    assert relay.entries()[0].server == server  # the first one keeps the share


def test_a_key_that_comes_too_late_to_train_makes_no_deposit_forfeit(second_round):
    relay, round, _testers = second_round
    head, (ada, bob, cleo) = relay.head.id, round.trainers
    grants(relay, round.server_of(ada), head, ada)
    relay.machine.advance(7, 1)  # three quarters
    for granter in relay.owners:
        refused(relay, "not entitled", granter, head, bob)
    grants(relay, relay.owners[0], head, ada)  # in the place of a key that did not open
    round.commit([ada])
    for granter in relay.owners:
        refused(relay, "not entitled", granter, head, cleo)
    round.hand_in()
    round.score()
    returned = {e.values["trainer"]: e.values["verdict"] for e in relay.events if e.name == "Judged"}
    assert (returned[bob], returned[cleo]) == (0, 0)


def test_an_owner_who_trains_is_served_as_a_trainer_until_it_is_judged():
    relay, (ada, bob), _testers = relay_of(2, 6)
    first = Round(relay)
    for step in (lambda: first.enter([ada, bob]), first.grant, first.commit, first.hand_in, first.score):
        step()
    first._hand_over = lambda: None
    first.vote()
    head = relay.head.id
    assert relay.owners == (ada, bob)
    assert not relay.rounds.read("holds", head, ada)
    voter = first.testers[0]
    second = Round(relay)
    second.enter([ada])
    relay.close()
    assert relay.phase is Phase.JUDGE
    refused(relay, "not entitled", voter, head, ada)
    grants(relay, voter, head, bob)  # has no entry
    relay.advance()
    judged = [e.values for e in relay.events if e.name == "Judged"][-1]
    assert (judged["trainer"], judged["verdict"], judged["forfeited"]) == (ada, 0, 0)
    grants(relay, voter, head, ada)


def test_only_a_sealed_key_can_be_granted(second_round):
    relay, round, _testers = second_round
    ada = round.trainers[0]
    for key in (b"", KEY[1:]):
        with pytest.raises(Reverted) as error:
            relay.send(round.server_of(ada), "grant", relay.head.id, X, [ada], [key])
        assert error.value.reason == "sealed key of other length"


def test_whoever_asks_again_is_answered_but_its_first_server_stays(second_round):
    relay, round, _testers = second_round
    head = relay.head.id
    ada = round.trainers[0]
    server = round.server_of(ada)
    other = next(owner for owner in relay.owners if owner != server)
    grants(relay, server, head, ada)
    relay.send(ada, "ask", X)
    assert relay.entries()[0].server == server
    relay.send(ada, "ask", head)
    assert relay.events[-1].name == "KeyWanted"
    relay.machine.advance(5, 1)
    grants(relay, other, head, ada)
    assert relay.entries()[0].server == server
    with pytest.raises(Reverted, match="not on duty"):
        relay.send(relay.creator, "ask", head)


def test_testers_get_their_children_and_voters_all_of_them(second_round):
    relay, round, testers = second_round
    head, old = relay.head.id, round.base
    assert head == old
    round.grant()
    ada, bob, _cleo = round.trainers
    refused(relay, "not entitled", relay.owners[0], head, testers[0])  # not drawn yet
    round.commit()
    first = round.testers[: relay.round.seats]
    for who in round.testers:
        grants(relay, relay.owners[0], head, who)
    round.hand_in()
    child = round.child(ada)
    other = next(who for who in round.testers if who not in first)
    for who in first:
        assert relay.rounds.read("holds", child, who)
        grants(relay, ada, child, who)  # once more, should the first key not open
    refused(relay, "not entitled", ada, child, other)
    refused(relay, "not entitled", ada, child, bob)
    refused(relay, "not a holder", bob, child, other)
    grants(relay, first[0], child, first[1])  # testers relay it to each other
    round.score()
    grants(relay, first[0], child, other)
    round.vote()
    new = relay.head.id
    refused(relay, "not entitled", ada, child, other)  # the round is over
    holder = next(who for who in round.testers if relay.rounds.read("holds", new, who))
    grants(relay, holder, new, *relay.owners)
    refused(relay, "not entitled", holder, new, relay.creator)
    refused(relay, "not entitled", relay.owners[0], old, relay.creator)  # an old head is granted no more


@pytest.mark.parametrize("phase", [Phase.SEAL, Phase.SCORE, Phase.REVEAL])
def test_a_child_is_for_its_committee_alone(phase):
    relay, trainers, _ = relay_of(5, 8)
    round = Round(relay)
    round.enter(trainers)
    round.grant()
    round.commit()
    for who in trainers:
        keys = [KEY] * relay.round.seats
        relay.send(who, "hand_in", round.child(who), X, round.secret(who, "salt"), keys)
    while relay.phase is not phase:
        relay.close()
    state = relay.round
    for child, trainer in enumerate(trainers):
        committee = [round.testers[i] for i in draw.committee(child, state.seats, state.deck)]
        for who in round.testers:
            if who in committee:
                grants(relay, trainer, round.child(trainer), who)
            else:
                refused(relay, "not entitled", trainer, round.child(trainer), who)


def test_nobody_gets_the_new_head_during_the_settlement_but_its_owners(second_round):
    relay, round, _testers = second_round
    round.grant()
    round.commit()
    round.hand_in()
    round.score()
    voters = round.testers[1:]
    names, words = round.names(), [2**128 + 2**127 + 10**7] * 3
    for who in voters:
        relay.send(who, "vote", *names, words)
    relay.close()
    relay.machine.advance(12, 2)
    while relay.head.id == round.base or not relay.rounds.read("holds", relay.head.id, voters[0]):
        relay.send(relay.creator, "advance", 1)
    new = relay.head.id
    refused(relay, "not entitled", voters[0], new, round.testers[0])
    grants(relay, voters[0], new, *relay.owners)


def test_a_key_for_each_reader(second_round):
    relay, _round, _ = second_round
    owner = relay.owners[0]
    for keys in ([KEY], [KEY] * 3):
        with pytest.raises(Reverted, match="a key for each reader"):
            relay.send(owner, "grant", relay.head.id, X, [owner, owner], keys)
