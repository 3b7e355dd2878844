"""What is packed and decoded by hand is what the ABI says."""

from derelay.chain.contract import Contract
from derelay.contracts import NAMES
from derelay.rules.commitment import Context
from derelay.rules.score import pack
from derelay.rules.verdict import Seat
from derelay.sim.machine import Machine
from derelay.sim.relay import Setting
from derelay.sim.relay.calls import KEY, Calls, address_word
from derelay.sim.relay.contracts import create
from derelay.sim.relay.events import events
from derelay.sim.relay.play import play_round
from derelay.sim.relay.world import World
from derelay.sim.strategies import Honest

ID, SALT, SECRET = b"i" * 32, b"s" * 32, b"e" * 32
SCORES = [0, 1, pack(Seat(-7, 9)), pack(Seat(10**9, 0))]


def test_call_data_is_that_of_the_abi():
    machine = Machine()
    contracts = create(machine, machine.account(), Setting(), ID)
    rounds, people = contracts.rounds, [machine.account() for _ in range(3)]
    calls = Calls(rounds.address, machine.chain_id)
    words = [address_word(who) for who in people]
    assert calls.enter(ID) == rounds.encode("enter", ID)
    assert calls.grant(ID, words) == rounds.encode("grant", ID, ID, people, [KEY] * 3)
    assert calls.commit(ID) == rounds.encode("commit", ID)
    assert calls.disclose(SECRET) == rounds.encode("disclose", SECRET)
    assert calls.hand_in(ID, SALT, 5) == rounds.encode("hand_in", ID, ID, SALT, [KEY] * 5)
    assert calls.score(ID) == rounds.encode("score", ID)
    assert calls.reveal(SCORES, SALT) == rounds.encode("reveal", SCORES, SALT)
    assert calls.vote(ID, SALT, SCORES[1:]) == rounds.encode("vote", ID, SALT, SCORES[1:])
    assert calls.close() == rounds.encode("close")
    assert calls.advance(256) == rounds.encode("advance", 256)
    assert calls.current() == rounds.encode("current")
    assert calls.newest(words[0]) == rounds.encode("newest", people[0])
    assert calls.owed(words[0]) == contracts.accounts.encode("owed", people[0])
    assert calls.maintainer(2) == contracts.registry.encode("maintainer", 2)
    assert calls.maintainer_count() == contracts.registry.encode("maintainer_count")


def test_commitments_are_those_of_the_rules():
    machine = Machine()
    rounds, who = machine.account(), machine.account()
    calls, word = Calls(rounds, machine.chain_id), address_word(who)
    context = Context(machine.chain_id, rounds, 7, who)
    assert calls.secret_hash(7, word, SECRET) == context.to_secret(SECRET)
    assert calls.child_hash(7, word, ID, SALT) == context.to_child(ID, SALT)
    assert calls.scores_hash(7, word, SCORES, SALT) == context.to_scores(SCORES, SALT)


def test_events_are_those_of_the_abi(monkeypatch):
    """Every event of two rounds, decoded by hand, is the one that the contract's ABI gives."""
    done = []
    send = Machine.send

    def keep(self, *args):
        done.append(send(self, *args))
        return done[-1]

    monkeypatch.setattr(Machine, "send", keep)
    world = World(Setting(), [Honest()] * 8, 3)
    for number in (1, 2):
        play_round(world, number)
    contracts = [getattr(world.contracts, name) for name in NAMES]
    seen = set()
    for each in done:
        told = [event for log in each.logs if (event := _event(contracts, log)) is not None]
        short = [event for event in told if event.name in dict(events(each.raw))]
        for (name, values), event in zip(events(each.raw), short, strict=True):
            assert name == event.name
            assert {field: _plain(value) for field, value in event.values.items()} == values
            seen.add(name)
    assert seen >= {"Admitted", "Drawn", "Judged", "HeadChanged", "Earned", "TesterSettled", "Credited"}


def _event(contracts, log):
    return next((event for each in contracts if (event := Contract.event(each, log)) is not None), None)


def _plain(value):
    return int(value, 16) if isinstance(value, str) else value
