"""What calls cost in gas, by real transactions: a smaller edition of benchmarks/gas.py."""

from dataclasses import replace

import pytest
from harness import QUICK, Relay, Round
from harness.rounds import KEY
from harness.transactions import GAS, Transactions

from derelay.node.closer import MOST_GAS, items
from derelay.rules.parameters import MAX_LOAD, MAX_SEATS
from derelay.rules.phases import Phase

OWN_CALLS = {
    "register": 130_000,
    "maintain": 115_000,
    "enter": 175_000,
    "commit": 120_000,
    "disclose": 80_000,
    "hand_in": 290_000,  # five keys
    "score": 53_000,
    "reveal": 251_000,  # eight words
    "vote": 150_000,
    "withdraw": 95_000,
}
"""A participant's calls, and the most that they may cost in anyone's first round."""
CLOSE = 170_000


class Gas:
    """A relay made of real transactions."""

    def __init__(self, trainers: int, testers: int, parameters=QUICK) -> None:
        self.relay = Relay(parameters, machine=Transactions(), audited=False)
        self.trainers = [self.relay.join() for _ in range(trainers)]
        self.testers = [self.relay.join(maintains=True) for _ in range(testers)]

    def play(self, trainers, steps: int = 16) -> dict[str, int]:
        """Play a round, after which all withdraw; return the most that each call has cost since the last."""
        relay, round = self.relay, Round(self.relay)
        round.enter(trainers, steps)
        self._grant(round)
        round.commit(steps=steps)
        round.hand_in()
        before = len(relay.gas.get("advance", []))
        round.score(steps=steps)
        relay.gas["advance in JUDGE"] = relay.gas["advance"][before:]
        round.vote(steps=steps)
        for who in [*trainers, *self.testers]:
            if any(relay.owed(who)):
                relay.send(who, "withdraw", to=relay.accounts)
        most = {name: max(each) for name, each in relay.gas.items()}
        relay.gas.clear()
        return most

    def _grant(self, round: Round) -> None:
        """Let each owner serve all its trainers at once."""
        for owner in self.relay.owners:
            readers = [who for who in round.trainers if round.server_of(who) == owner]
            if readers:
                keys = [KEY] * len(readers)
                self.relay.send(owner, "grant", round.base, round.secret("head", "content"), readers, keys)


@pytest.fixture(scope="module")
def eight() -> Gas:
    return Gas(trainers=8, testers=5)


@pytest.fixture(scope="module")
def first(eight: Gas) -> dict[str, int]:
    """The first round of eight entries."""
    return eight.play(eight.trainers)


def test_what_each_call_costs_at_most(first):
    assert {name: first[name] for name, most in OWN_CALLS.items() if first[name] > most} == {}
    assert first["close"] <= CLOSE
    assert first["advance"] <= GAS // 4


def test_a_participant_pays_the_same_among_more(first):
    gas = Gas(trainers=32, testers=20)
    among = gas.play(gas.trainers)
    for name in OWN_CALLS.keys() - {"withdraw"}:  # what one withdraws depends on what one did
        assert abs(among[name] - first[name]) <= first[name] // 1000, name
    assert among["withdraw"] <= OWN_CALLS["withdraw"]
    assert among["close"] <= CLOSE
    assert among["grant"] <= 3_000_000  # to 32 readers
    assert among["advance"] <= GAS // 2


def test_a_participant_pays_the_same_in_an_older_relay(eight, first):
    eight.play(eight.trainers)
    third = eight.play(eight.trainers)
    for _ in range(3):
        eight.play(eight.trainers[:1])
    eight.play(eight.trainers)  # so that there are as many owners as before the third
    later = eight.play(eight.trainers)
    assert eight.relay.round.number == 8
    for name in OWN_CALLS.keys() & third.keys():
        assert abs(later[name] - third[name]) <= third[name] // 1000, name
    assert later["close"] <= CLOSE


def test_the_largest_committee_costs_no_call_too_much():
    largest = replace(
        QUICK, seats=MAX_SEATS, min_seats=MAX_SEATS, voters=MAX_SEATS, load=MAX_LOAD, trim=0, vote_trim=0
    )
    gas = Gas(trainers=2, testers=MAX_SEATS, parameters=largest)
    children = 2
    most = gas.play(gas.trainers, steps=children)
    assert most["hand_in"] <= 1_200_000
    assert most["advance"] <= GAS // 2  # an election by 32, two children judged by 32 each
    assert most["advance in JUDGE"] * items(Phase.JUDGE, largest) <= children * MOST_GAS
