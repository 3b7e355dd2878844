"""Whole rounds, from the opening to the settlement."""

from dataclasses import replace

import pytest
from harness import BAD, GOOD, QUICK, UNSURE, Machine, Relay, Round, relay_of

from derelay.chain.chain import Reverted
from derelay.rules import draw, minting
from derelay.rules.parameters import TRUSTED, VOTE_FEES
from derelay.rules.phases import Candidate, Phase
from derelay.rules.score import UNAVAILABLE, pack
from derelay.rules.units import NANO, SHARE_ONE
from derelay.rules.verdict import Seat, Verdict, lower_end, robust_gain

P = QUICK
NOBODY = "0x" + "00" * 20


def named(events, name):
    return [event.values for event in events if event.name == name]


def verdicts(relay):
    return {values["trainer"]: values["verdict"] for values in named(relay.events, "Judged")}


def wealth(relay, who):
    """Wei of a participant, what it may withdraw and its bond included."""
    bond = relay.registry.read("member", who)[2]
    return relay.machine.balance(who) + relay.owed(who)[0] + bond


def test_an_honest_round():
    relay, trainers, testers = relay_of(7, 5)
    before = {who: wealth(relay, who) for who in relay.people}
    round = Round(relay)
    round.enter(trainers)
    assert round.trainers == trainers
    round.grant()
    round.commit()
    round.hand_in()
    round.score()
    assert set(verdicts(relay).values()) == {Verdict.PASS}
    pooled, passed = round.names()
    assert pooled == passed != bytes(32)
    round.vote()

    assert (relay.head.id, relay.head.version, relay.head.round) == (pooled, 1, 1)
    assert relay.rounds.read("head_of", 1) == pooled
    assert relay.owners == tuple(trainers)
    for who in [*trainers, *testers]:
        assert relay.rounds.read("holds", pooled, who)
        assert relay.rounds.read("newest", who) == 1

    # coins: by gain to the trainers and to who served them, the rest to the creator as royalty
    mean = robust_gain([GOOD] * 5, clip=P.clip, trim=P.vote_trim)
    coins = minting.minted(lower_end(mean, P.z_mint), P.g_ref)
    gains = [child.gain for child in relay.children()]
    earned = minting.parts(coins, P.trainers_share, gains)
    served = sum(minting.parts(coins, P.servers_share, gains))
    assert [relay.owed(who)[1] for who in trainers] == earned
    assert coins - sum(earned) - 2 <= relay.owed(relay.creator)[1] <= coins - sum(earned)
    assert sum(values["coins"] for values in named(relay.events, "Earned")) == sum(earned) + served
    assert relay.coin.read("totalSupply") == coins

    # money: deposits come back, testers get the fee of each seat and of the vote
    for who in trainers:
        assert wealth(relay, who) == before[who] - P.entry_fee
    for who in testers:
        assert wealth(relay, who) == before[who] + 7 * P.seat_fee + 7 * VOTE_FEES * P.seat_fee // 5
    assert relay.rounds.read("money")[1:] == (0, 0, 0)


@pytest.mark.parametrize(
    ("gains", "counted"),  # in thousandths of a nat
    [((500, 30, 20, 40), (60, 30, 20, 40)), ((20, 30, 500), (20, 30, 60)), ((30, 500), (30, 60))],
)
def test_no_child_counts_for_more_than_twice_the_middle_one(gains, counted):
    relay, trainers, _ = relay_of(len(gains), 5)
    round = Round(relay)
    round.gains = {who: Seat(gain * NANO // 1000, 1) for who, gain in zip(trainers, gains, strict=True)}
    round.play(trainers)
    (head,) = named(relay.events, "HeadChanged")
    earned = {
        values["who"]: values["coins"] for values in named(relay.events, "Earned") if not values["by_serving"]
    }
    assert [earned[who] for who in trainers] == minting.parts(head["minted"], P.trainers_share, counted)


def test_whoever_missed_versions_pays_for_them():
    relay, trainers, _ = relay_of(4, 5)
    newcomer = relay.join()
    for version in range(10):
        assert relay.price_of(trainers[0]) == (P.price, P.entry_fee)
        assert relay.price_of(newcomer)[0] == P.price * min(version + 1, P.versions_cap)
        Round(relay).play(trainers)
    assert relay.head.version == 10
    minted = [values["minted"] for values in named(relay.events, "HeadChanged")]
    assert relay.coin.read("totalSupply") == sum(minted)
    assert all(0 < coins <= minting.COIN for coins in minted)


def test_the_work_can_be_split_at_will():
    def story(steps):
        relay, trainers, testers = relay_of(9, 6)
        for _ in range(2):
            round = Round(relay)
            round.enter([*trainers, testers[0]], steps)
            round.gains = dict(zip(round.trainers, [GOOD, BAD, UNSURE], strict=False))
            round.grant()
            round.commit(steps=steps)
            round.hand_in()
            round.score(steps=steps)
            round.vote(steps=steps)
        assert relay.events
        skipped = ("PhaseChanged", "Credited", "Redrawn")
        return [(event.name, event.values) for event in relay.events if event.name not in skipped]

    assert story(1) == story(256) == story(3)


def test_admission_and_draw_are_those_of_the_rules():
    parameters = replace(P, load=2, seats=3)
    relay, trainers, testers = relay_of(9, 5, parameters)
    round = Round(relay)
    entrants = [*trainers, testers[2]]
    round.enter(entrants)
    places, seats = draw.places(10, 1, 5, seats=3, load=2, min_seats=3)
    state = relay.round
    assert (state.places, state.seats) == (places, seats) == (2, 3)
    admitted = draw.admit(relay.machine.block_hash(state.pivot), 10, places)
    assert round.trainers == [entrants[i] for i in admitted]
    round.grant()
    round.commit()
    secrets = [round.secret(who, "secret") for who in round.trainers]
    seed = draw.draw_seed(relay.machine.block_hash(relay.round.pivot), secrets)
    assert relay.round.seed == seed
    listed = [relay.registry.read("maintainer", i) for i in range(5)]
    assert round.testers == draw.deal(seed, listed, round.trainers, len(secrets) * seats)
    assert all(relay.accounts.read("paused", who) for who in round.testers)


def test_a_round_without_entrants_costs_nobody_anything():
    relay, _, _ = relay_of(0, 5)
    before = [wealth(relay, who) for who in relay.people]
    for number in (1, 2):
        round = Round(relay)
        assert round.number == number
        round.enter([])
        assert relay.phase is Phase.REST
    assert [wealth(relay, who) for who in relay.people] == before


def test_too_few_maintainers_open_no_round():
    relay, _, testers = relay_of(1, 2)
    with pytest.raises(Reverted, match="too few maintainers"):
        relay.close()
    testers.append(relay.join(maintains=True))
    Round(relay)


def test_when_all_who_could_test_want_to_train_some_are_turned_away():
    relay, _, testers = relay_of(0, 3)
    Round(relay)
    for who in testers:  # of three, not one may train and leave three to test
        with pytest.raises(Reverted, match="needed as a tester"):
            relay.enter(who, b"s" * 32)
    relay.close()
    assert relay.phase is Phase.REST

    testers += [relay.join(maintains=True) for _ in range(3)]
    round = Round(relay)
    round.enter(testers)
    assert len(round.trainers) == 1
    assert relay.round.seats == 5
    round.grant()
    round.commit()
    assert set(round.testers) == set(testers) - set(round.trainers)


def test_who_was_granted_nothing_gets_everything_back():
    relay, trainers, testers = relay_of(3, 5)
    before = {who: wealth(relay, who) for who in trainers + testers}
    round = Round(relay)
    round.enter(trainers)
    round.commit([])
    assert relay.phase is Phase.JUDGE
    relay.advance()
    assert set(verdicts(relay).values()) == {0}
    round.vote()
    assert {who: wealth(relay, who) for who in before} == before
    assert relay.head.version == 0


def test_who_takes_the_head_and_returns_nothing_has_bought_it():
    relay, trainers, _ = relay_of(3, 5)
    idle, late, honest = trainers
    before = {who: wealth(relay, who) for who in relay.people}
    round = Round(relay)
    round.enter(trainers)
    round.grant()
    round.commit([late, honest])
    round.hand_in([honest])
    round.score()
    assert verdicts(relay) == {idle: Verdict.MISSING, late: Verdict.MISSING, honest: Verdict.PASS}
    round.vote()
    for who in (idle, late):
        assert before[who] - wealth(relay, who) == P.price + P.entry_fee
    assert before[honest] - wealth(relay, honest) == P.entry_fee
    gained = wealth(relay, relay.creator) - before[relay.creator]  # who closes windows, too
    tips = sum(each["native"] for each in named(relay.events, "Credited") if each["reason"] == 3)
    assert gained == 2 * P.price + tips
    assert relay.owners == (honest,)


def test_nobody_hands_in():
    relay, trainers, testers = relay_of(3, 5)
    before = {who: wealth(relay, who) for who in testers}
    round = Round(relay)
    round.enter(trainers)
    round.grant()
    round.commit()
    round.hand_in([])
    round.score()
    assert set(verdicts(relay).values()) == {Verdict.MISSING}
    round.vote()
    assert relay.head.version == 0
    assert {who: wealth(relay, who) for who in testers} == before


@pytest.mark.parametrize("stop", ["score", "reveal"])
def test_silent_testers_are_slashed_and_trainers_do_not_pay_for_them(stop):
    relay, trainers, testers = relay_of(3, 5)
    before = {who: wealth(relay, who) for who in relay.people}
    round = Round(relay)
    round.enter(trainers)
    round.grant()
    round.commit()
    round.hand_in()
    round.score(testers=[] if stop == "score" else None, reveal=[])
    assert set(verdicts(relay).values()) == {Verdict.UNDECIDED}
    round.vote(voters=[])
    assert relay.head.version == 0
    for who in testers:
        assert before[who] - wealth(relay, who) == P.slash
        assert not relay.registry.read("maintains", who)  # below its bond it sits out
    lost = P.price * P.undecided_share // SHARE_ONE
    for who in trainers:
        assert before[who] - wealth(relay, who) == lost + P.entry_fee
    with pytest.raises(Reverted, match="too few maintainers"):
        relay.close()
    for who in testers:
        relay.send(who, "raise_bond", value=P.slash, to=relay.registry)
        relay.send(who, "maintain", to=relay.registry)
    Round(relay).play(trainers)
    assert relay.head.version == 1
    # what was slashed became royalty of the next round
    assert wealth(relay, relay.creator) - before[relay.creator] >= 5 * P.slash + 3 * lost


@pytest.mark.parametrize(("cap", "paid"), [(8, 4), (3, 3)])
def test_a_silent_tester_pays_for_the_versions_that_it_was_granted(cap, paid):
    relay, trainers, _ = relay_of(3, 5, replace(P, versions_cap=cap))
    newcomer, *_ = late = [relay.join(maintains=True) for _ in range(2)]
    for who in late:
        relay.send(who, "retire", to=relay.registry)
    for _ in range(4):
        Round(relay).play(trainers)
    relay.send(newcomer, "maintain", to=relay.registry)
    round = Round(relay)
    round.enter(trainers)
    round.grant()
    round.commit()
    round.hand_in()
    granter, sealed = trainers[0], b"k" * 80
    held = [who for who in round.testers if relay.rounds.read("holds", relay.head.id, who)]
    readers = [who for who in round.testers if who not in held]
    assert newcomer in readers
    relay.send(granter, "grant", relay.head.id, bytes(32), readers, [sealed] * len(readers))
    regular = next(who for who in round.testers if who != newcomer)
    silent = (newcomer, regular)
    round.score(testers=[who for who in round.testers if who not in silent])
    round.vote(voters=[who for who in round.testers if who not in silent])
    told = named(relay.events, "TesterSettled")[-len(round.testers) :]
    slashed = {values["tester"]: values["slashed"] for values in told}
    assert slashed[newcomer] == P.slash + paid * P.price
    assert slashed[regular] == P.slash


def test_what_an_owner_was_granted_before_the_draw_costs_it_nothing_as_a_silent_tester(monkeypatch):
    relay, trainers, testers = relay_of(2, 5)
    owner = relay.join(maintains=True)
    first = Round(relay)
    monkeypatch.setattr(first, "_hand_over", lambda: None)  # owners are granted the head later
    first.play([owner, *trainers])
    round = Round(relay)
    owners = [owner, *trainers]
    relay.send(testers[0], "grant", round.base, bytes(32), owners, [b"k" * 80] * len(owners))
    round.enter(trainers)
    round.commit()
    round.hand_in()
    assert owner in round.testers
    round.score(testers=testers)
    round.vote(voters=testers)
    told = named(relay.events, "TesterSettled")[-len(round.testers) :]
    assert {values["tester"]: values["slashed"] for values in told}[owner] == P.slash


def test_what_a_verdict_forfeits_can_be_burned_and_what_nobody_judged_is_royalty():
    relay, trainers, _ = relay_of(3, 5, replace(P, burned_share=2_500))
    round = Round(relay)
    round.enter(trainers)
    round.gains[trainers[1]] = BAD
    round.grant()
    round.commit(trainers[:2])
    round.hand_in()
    round.score()
    assert verdicts(relay) == dict(zip(trainers, (Verdict.PASS, Verdict.FAIL, Verdict.MISSING), strict=True))
    nobody = "0x" + "00" * 20
    before = relay.machine.balance(nobody)
    assert relay.rounds.read("money")[1:] == (
        P.price + P.price * 3 // 4,
        2 * VOTE_FEES * P.seat_fee,
        P.price // 4,
    )
    round.vote()
    assert relay.machine.balance(nobody) - before == P.price // 4
    assert relay.rounds.read("money")[1:] == (0, 0, 0)


def test_a_minority_of_silent_testers_changes_nothing():
    relay, trainers, testers = relay_of(3, 5)
    round = Round(relay)
    round.enter(trainers)
    round.grant()
    round.commit()
    round.hand_in()
    silent = round.testers[:2]
    awake = [who for who in testers if who not in silent]
    round.score(testers=awake)
    assert set(verdicts(relay).values()) == {Verdict.PASS}
    round.vote(voters=awake)
    assert relay.head.version == 1
    slashed = {values["tester"]: values["slashed"] for values in named(relay.events, "TesterSettled")}
    assert slashed == {who: P.slash * (who in silent) for who in testers}


def test_without_votes_the_best_child_that_passed_becomes_the_head():
    relay, trainers, testers = relay_of(3, 5)
    round = Round(relay)
    round.enter(trainers)
    round.gains[trainers[1]] = Seat(2 * GOOD.gain, GOOD.se)
    round.grant()
    round.commit()
    round.hand_in()
    round.score()
    round.vote(voters=[])
    assert relay.head.id == round.child(trainers[1])
    assert relay.owners == (trainers[1],)
    assert relay.round.elected == Candidate.BEST + 1
    assert all(values["slashed"] == P.slash for values in named(relay.events, "TesterSettled"))
    assert relay.rounds.read("newest", trainers[1]) == 1
    assert relay.rounds.read("newest", testers[0]) == 1  # it tested that child


def test_all_fail():
    relay, trainers, testers = relay_of(3, 5)
    before = {who: wealth(relay, who) for who in relay.people}
    round = Round(relay)
    round.enter(trainers)
    round.gains = dict.fromkeys(trainers, BAD)
    round.grant()
    round.commit()
    round.hand_in()
    round.score()
    assert relay.phase is Phase.SETTLE  # nothing to vote on
    round.vote()
    assert relay.head.version == 0
    assert relay.owners == (relay.creator,)
    assert all(before[who] - wealth(relay, who) == P.price + P.entry_fee for who in trainers)
    assert all(wealth(relay, who) - before[who] == 3 * P.seat_fee for who in testers)
    assert relay.coin.read("totalSupply") == 0
    Round(relay).play(trainers)


def test_undecided_children_are_pooled_but_nobody_can_elect_the_average_of_no_children():
    relay, trainers, _ = relay_of(3, 5)
    round = Round(relay)
    round.enter(trainers)
    round.gains = dict.fromkeys(trainers, UNSURE)
    round.grant()
    round.commit()
    round.hand_in()
    round.score()
    assert set(verdicts(relay).values()) == {Verdict.UNDECIDED}
    pooled, passed = round.names()
    assert passed == bytes(32)
    colluding = (pooled, b"\x66" * 32, [pack(GOOD), pack(Seat(10 * GOOD.gain, 0)), pack(UNSURE)])
    round.vote(ballot=lambda _: colluding)
    assert relay.head.id == pooled
    assert relay.owners == tuple(trainers)
    Round(relay).play(trainers)


def test_the_best_is_undecided_and_another_passed():
    relay, trainers, _ = relay_of(3, 5)
    round = Round(relay)
    round.enter(trainers)
    round.gains = {trainers[0]: Seat(GOOD.gain * 2, GOOD.gain * 6), trainers[1]: BAD}
    round.grant()
    round.commit()
    round.hand_in()
    round.score()
    assert relay.pool == (0, 2)
    pooled, passed = round.names()
    assert passed == round.child(trainers[2])
    scores = [pack(UNSURE), pack(GOOD), pack(UNSURE)]
    round.vote(ballot=lambda _: (pooled, passed, scores))
    assert relay.head.id == passed
    assert relay.owners == (trainers[2],)


def test_a_liar_moves_no_verdict_and_earns_nothing_by_it():
    relay, trainers, testers = relay_of(4, 5)
    round = Round(relay)
    round.enter(trainers)
    round.gains[trainers[3]] = BAD
    round.grant()
    round.commit()
    round.hand_in()
    liar = testers[0]
    lies = {who: Seat(-(10**12), 10**12) for who in trainers[:3]} | {trainers[3]: Seat(10**12, 0)}
    round.score(lies={liar: lies})
    assert verdicts(relay) == dict.fromkeys(trainers[:3], Verdict.PASS) | {trainers[3]: Verdict.FAIL}
    round.vote()
    paid = {values["tester"]: values["fee"] for values in named(relay.events, "TesterSettled")}
    vote = 4 * VOTE_FEES * P.seat_fee // 5
    assert paid == {who: vote + 4 * P.seat_fee * (who != liar) for who in testers}


def test_a_child_that_nobody_could_get_is_missing():
    relay, trainers, testers = relay_of(2, 5)
    round = Round(relay)
    round.enter(trainers)
    round.gains[trainers[0]] = None
    round.grant()
    round.commit()
    round.hand_in()
    round.score()
    assert verdicts(relay) == {trainers[0]: Verdict.MISSING, trainers[1]: Verdict.PASS}
    round.vote()
    paid = {values["tester"]: values["fee"] for values in named(relay.events, "TesterSettled")}
    assert paid == {who: 2 * P.seat_fee + 2 * VOTE_FEES * P.seat_fee // 5 for who in testers}


def test_the_head_stays_when_no_candidate_is_better():
    relay, trainers, _ = relay_of(3, 5)
    round = Round(relay)
    round.enter(trainers)
    round.grant()
    round.commit()
    round.hand_in()
    round.score()
    worse = pack(Seat(P.g_head, 0))
    round.vote(ballot=lambda _: (*round.names(), [worse, worse, UNAVAILABLE]))
    assert relay.head.version == 0
    assert named(relay.events, "HeadKept") == [{"round": 1, "id": relay.head.id}]


def test_the_pool_takes_the_best_and_more_voters_than_the_deck_holds_are_no_harm():
    parameters = replace(P, pool_size=2, voters=32)
    relay, trainers, _ = relay_of(4, 5, parameters)
    round = Round(relay)
    round.enter(trainers)
    round.gains = {who: Seat(GOOD.gain * (i + 1), GOOD.se) for i, who in enumerate(trainers)}
    round.grant()
    round.commit()
    round.hand_in()
    round.score()
    assert relay.pool == (3, 2)
    round.vote()
    assert relay.owners == (trainers[3], trainers[2])
    first, second = (relay.owed(who)[1] for who in relay.owners)
    assert first * 3 == pytest.approx(second * 4, abs=4)


def test_one_child_is_tested_by_a_committee_of_its_own():
    relay, trainers, testers = relay_of(1, 9)
    round = Round(relay)
    round.enter(trainers)
    round.grant()
    round.commit()
    assert len(round.testers) == P.seats < len(testers)
    round.hand_in()
    round.score()
    round.vote()
    assert relay.head.id == round.child(trainers[0])  # the average of one child is that child
    assert relay.round.elected == Candidate.POOLED + 1


def test_who_admits_too_late_draws_from_a_later_block():
    relay, trainers, _ = relay_of(3, 5)
    round = Round(relay)
    for who in trainers:
        relay.enter(who, round.secret(who, "secret"))
    relay.close()
    pivot = relay.round.pivot
    for blocks in (0, 1):  # the hash of the pivot can be read in the block after it
        relay.machine.advance(12, blocks)
        with pytest.raises(Reverted, match="draw is not due"):
            relay.send(relay.creator, "advance", 1)
    relay.machine.advance(12, 257)
    relay.send(relay.creator, "advance", 1)
    assert relay.phase is Phase.ADMIT
    assert relay.round.pivot == relay.machine.height() + 1 > pivot
    assert named(relay.events, "Redrawn") == [{"round": 1, "pivot": relay.round.pivot}]
    relay.machine.advance(12, 257)
    relay.send(relay.creator, "advance", 1)  # the last block in time
    assert relay.round.cursor == 1
    relay.machine.advance(12, 5000)
    relay.advance(1)  # a draw once begun keeps its seed
    assert len(named(relay.events, "Redrawn")) == 1
    assert relay.phase is Phase.TRAIN


def committed(withholding: int = 0):
    """A round in which all committed, and all but so many disclosed."""
    relay, trainers, _ = relay_of(3, 5)
    round = Round(relay)
    round.enter(trainers)
    round.grant()
    admission = relay.machine.block_hash(relay.round.pivot)
    for who in trainers:
        commitment = relay.context(who).to_child(round.child(who), round.secret(who, "salt"))
        relay.send(who, "commit", commitment)
    relay.close()
    disclosing = trainers[withholding:]
    for who in disclosing:
        relay.send(who, "disclose", round.secret(who, "secret"))
    relay.close()
    return relay, round, admission, [round.secret(who, "secret") for who in disclosing]


def test_when_all_disclose_the_draw_waits_for_no_block():
    relay, round, admission, secrets = committed()
    with relay.machine.tried():
        relay.send(relay.creator, "advance", 256)
        early = relay.round.seed, round.testers
    relay.machine.advance(12, 5000)
    relay.send(relay.creator, "advance", 256)
    assert (relay.round.seed, round.testers) == early
    assert relay.round.seed == draw.draw_seed(admission, secrets)


def test_when_somebody_withholds_the_draw_waits_for_a_block_that_nobody_knows():
    relay, _, admission, secrets = committed(withholding=1)
    assert relay.phase is Phase.DRAW
    for blocks in (0, 1):
        relay.machine.advance(12, blocks)
        with pytest.raises(Reverted, match="draw is not due"):
            relay.send(relay.creator, "advance", 1)
    relay.machine.advance(12, 300)
    relay.send(relay.creator, "advance", 1)  # too late
    assert named(relay.events, "Redrawn") == [{"round": 1, "pivot": relay.machine.height() + 1}]
    relay.machine.advance(12, 2)
    relay.send(relay.creator, "advance", 1)
    again = relay.machine.block_hash(relay.round.pivot)
    assert relay.round.seed == draw.draw_seed(admission, secrets, again)
    relay.machine.advance(12, 5000)
    relay.advance()  # a draw once begun keeps its seed
    assert relay.round.seed == draw.draw_seed(admission, secrets, again)


def test_when_nobody_discloses_all_are_judged_at_once():
    relay, round, _, _ = committed(withholding=3)
    assert relay.phase is Phase.JUDGE
    relay.advance()
    assert set(verdicts(relay).values()) == {Verdict.MISSING}
    round.vote()
    assert relay.head.version == 0


def test_a_trusted_committee_without_bonds():
    machine = Machine()
    friends = [machine.account() for _ in range(3)]
    trusted = replace(TRUSTED, window_seconds=P.window_seconds, window_blocks=P.window_blocks)
    relay = Relay(trusted, machine=machine, bonds=(0, 0), committee=friends)
    for who in friends:
        relay.people.append(who)
        relay.send(who, "register", b"k" * 32, "", to=relay.registry)
        relay.send(who, "maintain", to=relay.registry)
    stranger = relay.join()
    with pytest.raises(Reverted, match="not of the committee"):
        relay.send(stranger, "maintain", to=relay.registry)
    for version in range(1, 4):
        round = Round(relay)
        round.play(friends)
        assert len(round.trainers) == 1
        assert relay.head.version == version
    round = Round(relay)
    round.enter(friends)
    round.grant()
    round.commit()
    round.hand_in()
    round.score(testers=[])
    round.vote(voters=[])
    assert all(relay.registry.read("maintains", who) for who in friends)
