"""Calls at the wrong time, by the wrong sender, of the wrong content: each reverts and changes nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from harness import GOOD, QUICK, Round, relay_of
from harness.rounds import KEY

from derelay.chain.chain import Reverted
from derelay.rules.parameters import VOTE_FEES
from derelay.rules.phases import WINDOWS, Phase
from derelay.rules.score import UNAVAILABLE, pack

X, Y = b"\x01" * 32, b"\x02" * 32
WORDS = [UNAVAILABLE] * 3
CALLS = {
    Phase.ENTER: ("enter", (X,), "not the time to enter"),
    Phase.TRAIN: ("commit", (X,), "not the time to commit"),
    Phase.DISCLOSE: ("disclose", (X,), "not the time to disclose"),
    Phase.SEAL: ("hand_in", (X, Y, X, []), "not the time to hand in"),
    Phase.SCORE: ("score", (X,), "not the time to score"),
    Phase.REVEAL: ("reveal", (WORDS, X), "not the time to reveal"),
    Phase.POOL: ("vote", (X, Y, WORDS), "not the time to vote"),
}


def visit_phases(relay, trainers) -> Iterator[Phase]:
    """Play an honest round; stop in each phase."""
    yield Phase.REST
    round = Round(relay)
    yield Phase.ENTER
    for who in trainers:
        relay.enter(who, round.secret(who, "secret"))
    relay.close()
    yield Phase.ADMIT
    relay.advance()
    round.trainers = trainers
    round.grant()
    yield Phase.TRAIN
    for who in trainers:
        commitment = relay.context(who).to_child(round.child(who), round.secret(who, "salt"))
        relay.send(who, "commit", commitment)
    relay.close()
    yield Phase.DISCLOSE
    for who in trainers:
        relay.send(who, "disclose", round.secret(who, "secret"))
    relay.close()
    yield Phase.DRAW
    relay.advance()
    yield Phase.SEAL
    round.hand_in()
    yield Phase.SCORE
    words = {who: round.words_of(who) for who in round.testers}
    for who in round.testers:
        relay.send(who, "score", relay.context(who).to_scores(words[who], X))
    relay.close()
    yield Phase.REVEAL
    for who in round.testers:
        relay.send(who, "reveal", words[who], X)
    relay.close()
    yield Phase.JUDGE
    relay.advance()
    yield Phase.POOL
    relay.close()
    yield Phase.SETTLE
    relay.advance()
    yield Phase.REST


@contextmanager
def refused(relay, reason):
    """Expect a revert for this very reason, and no change."""
    people = relay.people
    before = [relay.machine.balance(who) for who in people], relay.rounds.read("current")
    with pytest.raises(Reverted) as error:
        yield
    assert error.value.reason == reason
    assert before == ([relay.machine.balance(who) for who in people], relay.rounds.read("current"))


def test_every_phase_takes_its_own_calls_only():
    relay, trainers, testers = relay_of(3, 5)
    seen = []
    for phase in visit_phases(relay, trainers):
        assert relay.phase is phase
        seen.append(phase)
        for own, (function, args, reason) in CALLS.items():
            if phase is not own:
                for who in (trainers[0], testers[0], relay.creator):
                    with refused(relay, reason):
                        relay.send(who, function, *args)
        if phase in WINDOWS:
            with refused(relay, "nothing to advance"):
                relay.send(relay.creator, "advance", 1)
            with refused(relay, "window is open"):
                relay.send(relay.creator, "close")
        else:
            with refused(relay, "nothing to close"):
                relay.send(relay.creator, "close")
            for steps in (0, 257):
                with refused(relay, "steps"):
                    relay.send(relay.creator, "advance", steps)
        assert relay.rounds.read("frozen") == (Phase.ENTER <= phase <= Phase.DRAW)
    assert seen == [*Phase, Phase.REST]


def test_a_window_lasts_its_time_and_its_blocks():
    relay, trainers, _ = relay_of(1, 5)
    seconds, blocks = relay.parameters.window_seconds[0], relay.parameters.window_blocks[0]
    relay.machine.advance(seconds - 1, blocks)
    with refused(relay, "window is open"):
        relay.send(trainers[0], "close")
    relay.machine.advance(1, 0)
    relay.send(trainers[0], "close")
    relay.machine.advance(1000 * seconds, blocks - 1)  # a chain that stood still
    with refused(relay, "window needs blocks"):
        relay.send(trainers[0], "close")
    relay.machine.advance(0, 1)
    relay.send(trainers[0], "close")


def test_entering():
    relay, trainers, _ = relay_of(2, 5)
    round = Round(relay)
    ada, bob = trainers
    deposit, fee = relay.price_of(ada)
    for value in (deposit + fee - 1, deposit + fee + 1, 0):
        with refused(relay, "wrong deposit"):
            relay.send(ada, "enter", X, value=value)
    stranger = relay.machine.account()
    with refused(relay, "no full bond"):
        relay.send(stranger, "enter", X, value=deposit + fee)
    relay.send(bob, "leave", to=relay.registry)
    with refused(relay, "no full bond"):
        relay.send(bob, "enter", X, value=deposit + fee)
    with refused(relay, "empty hash of a secret"):
        relay.send(ada, "enter", bytes(32), value=deposit + fee)
    relay.enter(ada, round.secret(ada, "secret"))
    with refused(relay, "entered already"):
        relay.enter(ada, X)


def test_a_full_round():
    relay, trainers, _ = relay_of(3, 5, replace(QUICK, max_entries=2))
    Round(relay)
    for who in trainers[:2]:
        relay.enter(who, X)
    with refused(relay, "full"):
        relay.enter(trainers[2], X)


def test_committing():
    relay, trainers, testers = relay_of(2, 5)
    round = Round(relay)
    round.enter(trainers)
    ada, _ = trainers
    with refused(relay, "not admitted"):
        relay.send(testers[0], "commit", X)
    with refused(relay, "empty commitment to a child"):
        relay.send(ada, "commit", bytes(32))
    relay.send(ada, "commit", X)
    with refused(relay, "committed already"):
        relay.send(ada, "commit", X)


def test_disclosing():
    relay, trainers, testers = relay_of(3, 5)
    round = Round(relay)
    round.enter(trainers)
    ada, bob, idle = trainers
    for who in (ada, bob):
        relay.send(who, "commit", X)
    relay.close()
    secret = round.secret(ada, "secret")
    for who in (testers[0], idle):
        with refused(relay, "nothing to disclose for"):
            relay.send(who, "disclose", secret)
    for wrong in (X, bytes(32), round.secret(bob, "secret")):
        with refused(relay, "wrong secret"):
            relay.send(ada, "disclose", wrong)
    relay.send(ada, "disclose", secret)
    with refused(relay, "wrong secret"):  # once
        relay.send(ada, "disclose", secret)
    assert [entry.has_disclosed for entry in relay.entries()] == [True, False, False]


def test_whoever_withholds_its_secret_cannot_hand_in():
    relay, trainers, _ = relay_of(2, 5)
    round = Round(relay)
    round.enter(trainers)
    round.grant()
    ada, bob = trainers
    round.commit(disclose=[ada])
    keys = [KEY] * relay.round.seats
    with refused(relay, "secret withheld"):
        relay.send(bob, "hand_in", round.child(bob), X, round.secret(bob, "salt"), keys)
    round.hand_in([ada])


def test_handing_in():
    relay, trainers, testers = relay_of(4, 5)
    round = Round(relay)
    round.enter(trainers)
    round.grant()
    ada, bob, cleo, dan = trainers
    salt = {who: round.secret(who, "salt") for who in trainers}
    made = {who: relay.context(who).to_child(round.child(who), salt[who]) for who in trainers}
    made[bob] = made[ada]  # copies a commitment that it cannot open
    made[cleo] = relay.context(cleo).to_child(round.base, salt[cleo])  # would return the head itself
    made[dan] = relay.context(dan).to_child(bytes(32), salt[dan])
    for who in trainers:
        relay.send(who, "commit", made[who])
    relay.close()
    round.disclose(trainers)
    keys = [KEY] * relay.round.seats

    with refused(relay, "no commitment"):
        relay.send(testers[0], "hand_in", round.child(ada), X, salt[ada], keys)
    for id, salt_, reason in [
        (round.child(bob), salt[ada], "child other than committed"),
        (round.child(ada), salt[bob], "child other than committed"),
    ]:
        with refused(relay, reason):
            relay.send(ada, "hand_in", id, X, salt_, keys)
    with refused(relay, "child other than committed"):
        relay.send(bob, "hand_in", round.child(ada), X, salt[ada], keys)
    for who, id in ((cleo, round.base), (dan, bytes(32))):
        with refused(relay, "baton seen before"):
            relay.send(who, "hand_in", id, X, salt[who], keys)
    with refused(relay, "a key for each seat"):
        relay.send(ada, "hand_in", round.child(ada), X, salt[ada], keys[1:])
    relay.send(ada, "hand_in", round.child(ada), X, salt[ada], keys)
    with refused(relay, "baton seen before"):
        relay.send(ada, "hand_in", round.child(ada), X, salt[ada], keys)


def test_children_of_earlier_rounds_are_refused_and_old_commitments_do_not_open():
    relay, trainers, _ = relay_of(2, 5)
    first = Round(relay)
    first.play(trainers)
    ada, bob = trainers
    second = Round(relay)
    second.enter(trainers)
    second.grant()
    old = first.child(ada)
    stale = relay.context(ada, number=1).to_child(second.child(ada), X)
    again = relay.context(bob).to_child(old, X)
    for who, commitment in ((ada, stale), (bob, again)):
        relay.send(who, "commit", commitment)
    relay.close()
    second.disclose(trainers)
    keys = [KEY] * relay.round.seats
    with refused(relay, "child other than committed"):
        relay.send(ada, "hand_in", second.child(ada), X, X, keys)
    with refused(relay, "baton seen before"):
        relay.send(bob, "hand_in", old, X, X, keys)


def test_scoring_and_revealing():
    relay, trainers, _ = relay_of(3, 5)
    round = Round(relay)
    round.enter(trainers)
    round.grant()
    round.commit()
    round.hand_in()
    tess, tom, mute = round.testers[:3]
    words = [pack(GOOD)] * 3
    with refused(relay, "not drawn"):
        relay.send(trainers[0], "score", X)
    with refused(relay, "empty commitment to scores"):
        relay.send(tess, "score", bytes(32))
    commitment = relay.context(tess).to_scores(words, X)
    relay.send(tess, "score", commitment)
    with refused(relay, "scored already"):
        relay.send(tess, "score", Y)
    relay.send(tom, "score", commitment)  # copied
    four, two, bad = ([pack(GOOD)] * 4, words[:2], [2, *words[:2]])
    others = {who: relay.context(who) for who in round.testers[3:]}
    for who, said in zip(others, (four, two), strict=True):
        relay.send(who, "score", others[who].to_scores(said, X))
    relay.close()

    with refused(relay, "scores other than committed"):
        relay.send(tom, "reveal", words, X)
    with refused(relay, "scores other than committed"):
        relay.send(mute, "reveal", words, X)
    for said, salt in ((words, Y), (two, X), (bad, X)):
        with refused(relay, "scores other than committed"):
            relay.send(tess, "reveal", said, salt)
    more, fewer = others
    with refused(relay, "too many scores"):
        relay.send(more, "reveal", four, X)
    with refused(relay, "too few scores"):
        relay.send(fewer, "reveal", two, X)
    relay.send(tess, "reveal", words, X)
    with refused(relay, "revealed already"):
        relay.send(tess, "reveal", words, X)


def test_a_word_that_is_no_score_cannot_be_revealed():
    relay, trainers, _ = relay_of(1, 5)
    round = Round(relay)
    round.enter(trainers)
    round.grant()
    round.commit()
    round.hand_in()
    for who, word in zip(round.testers, (0, 2, 2**128 - 1, 1, 2**128), strict=True):
        relay.send(who, "score", relay.context(who).to_scores([word], X))
    relay.close()
    for who, word in zip(round.testers[:3], (0, 2, 2**128 - 1), strict=True):
        with refused(relay, "word is no score"):
            relay.send(who, "reveal", [word], X)
    for who, word in zip(round.testers[3:], (1, 2**128), strict=True):
        relay.send(who, "reveal", [word], X)


def test_voting():
    relay, trainers, _ = relay_of(3, 5, replace(QUICK, voters=3))
    round = Round(relay)
    round.enter(trainers)
    round.grant()
    round.commit()
    round.hand_in()
    round.score()
    ballot = (*round.names(), [pack(GOOD)] * 3)
    for who in (round.testers[3], trainers[0]):
        with refused(relay, "not a voter"):
            relay.send(who, "vote", *ballot)
    for word in (0, 2):
        with refused(relay, "vote without a score"):
            relay.send(round.testers[0], "vote", X, Y, [pack(GOOD), pack(GOOD), word])
    relay.send(round.testers[0], "vote", *ballot)
    with refused(relay, "voted already"):
        relay.send(round.testers[0], "vote", *ballot)
    relay.send(round.testers[1], "vote", *ballot)
    relay.send(round.testers[2], "vote", X, Y, [pack(GOOD)] * 3)  # measured, but another
    relay.close()
    relay.advance()
    assert relay.head.id == ballot[0]  # by two of three
    holders = [relay.rounds.read("holds", ballot[0], who) for who in round.testers]
    assert holders == [True, True, False, False, False]
    fees = [event.values["fee"] for event in relay.events if event.name == "TesterSettled"]
    fee = relay.parameters.seat_fee  # votes: of three children, among three voters
    assert fees == [3 * fee + VOTE_FEES * fee * names for names in (1, 1, 0, 0, 0)]


def test_strangers_cannot_send_money_to_the_rounds():
    relay, trainers, _ = relay_of(1, 5)
    with pytest.raises(Reverted, match="not the registry"):
        relay.machine.send(trainers[0], relay.rounds.address, b"", value=1)
