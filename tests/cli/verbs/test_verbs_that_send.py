"""withdraw and leave: one transaction each, and nothing where nothing is due."""

import json

import pytest

from derelay.chain.sender import Sender


@pytest.fixture
def act(ask, played):
    def run(verb, person, *arguments):
        folder = [] if verb == "status" else ["--folder", played.folder]
        return ask(verb, person, *folder, *arguments)

    return run


def test_what_is_owed_is_withdrawn_once(act, played):
    person = next(p for p in played.people if all(played.relay.owed(p.address)))
    wei, coins = played.relay.owed(person.address)
    before = played.chain.balance(person.address)
    told = json.loads(act("withdraw", person, "--json").stdout)
    assert (told["wei"], told["coins"]) == (wei, coins)
    assert played.chain.balance(person.address) == before + wei - told["gas"]
    assert played.relay.coin.read("balanceOf", person.address) == coins
    height = played.chain.height()
    again = act("withdraw", person)
    assert (again.returncode, again.stdout.split()) == (0, ["owed", "nothing"])
    assert played.chain.height() == height


def test_leaving_gives_the_bond_back_after_the_delay(act, played):
    person = played.people[1]
    told = json.loads(act("leave", person, "--json").stdout)
    assert (told["state"], told["bond_back_in"]) == ("left", 24 * 3600)
    assert not played.relay.member(person.address).is_registered
    assert "has left before; the bond of 0.02 can be taken in 1 d" in act("leave", person).stdout
    played.chain.advance(24 * 3600)
    before = played.chain.balance(person.address)
    assert "taken back" in act("leave", person).stdout
    assert played.chain.balance(person.address) > before
    done = act("leave", person)
    assert done.returncode == 2
    assert "is not registered in relay" in done.stderr


def test_nobody_leaves_who_is_on_duty_or_about_to_be_drawn(act, played):
    person, relay = played.people[2], played.relay
    sender = Sender(played.chain, played.people[0].wallet)
    played.chain.advance(relay.parameters.window_seconds[0], 2)
    sender.send(relay.rounds.address, relay.rounds.encode("close"), gas=10**6)
    refused = act("leave", person)
    assert refused.returncode == 2
    assert "the testers of round 2 are about to be drawn" in refused.stderr
    other = played.people[3]
    entry = relay.rounds.encode("enter", bytes([1]) * 32)
    price = sum(relay.price_of(other.address))
    Sender(played.chain, other.wallet).send(relay.rounds.address, entry, value=price, gas=10**6)
    told = json.loads(act("status", other, "--json").stdout)
    assert (told["phase"], told["entries"], told["wallet"]["entered"]) == ("enter", 1, True)
    assert "has entered this round" in act("status", other).stdout
    refused = act("leave", other)
    assert refused.returncode == 2
    assert "has a duty in round 2: let its node finish that round" in refused.stderr


def test_nothing_is_sent_while_a_node_is_at_work(act, played):
    from derelay.cli.home import Home

    person = next(p for p in played.people if any(played.relay.owed(p.address)))
    height = played.chain.height()
    with Home(played.folder, played.relay.rounds.address, person.address).held():
        done = act("withdraw", person)
    assert done.returncode == 2
    assert "a node is at work in" in done.stderr
    assert played.chain.height() == height


def test_what_was_sent_before_comes_to_an_end_first(act, played, monkeypatch):
    """Somebody whose withdrawal was killed before its block, and who withdraws again, does so once."""
    person = next(p for p in played.people if any(played.relay.owed(p.address)))
    accounts, wei = played.relay.accounts, played.relay.owed(person.address)[0]
    with monkeypatch.context() as no_blocks:
        no_blocks.setattr(played.chain, "mine", lambda: None)
        person.sender.send(accounts.address, accounts.encode("withdraw"), gas=300_000)
    assert wei == played.relay.owed(person.address)[0] > 0
    monkeypatch.setattr("derelay.cli.sending.LOOK", 0.01)
    monkeypatch.setattr("derelay.cli.sending.time.sleep", lambda seconds: played.chain.mine())
    nonce = played.chain.nonce(person.address)
    assert act("withdraw", person).stdout.split() == ["owed", "nothing"]
    assert played.chain.nonce(person.address) == nonce


def test_a_call_that_the_contract_refuses_is_told(act, played, monkeypatch):
    person = played.people[4]
    monkeypatch.setattr(type(played.relay), "owed", lambda self, who: (1, 1))
    act("withdraw", person)
    done = act("withdraw", person)
    assert done.returncode == 2
    assert "withdraw was refused: accounts: nothing owed; gas was paid for it" in done.stderr
