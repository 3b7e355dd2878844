"""Joining needs no trust in who created the relay: other code, or contracts that obey others, are refused."""

import pytest
from relays import GENESIS, create, creator, mutated

from derelay.chain.chain import ChainError
from derelay.chain.relay import Relay
from derelay.chain.sender import contract_address
from derelay.contracts import NAMES
from derelay.rules.protocol import PROTOCOL_VERSION


def test_our_contracts_are_accepted_whoever_created_them():
    sender = creator()
    relay = Relay(sender.chain, create(sender))
    assert relay.genesis == GENESIS
    assert relay.origin is None


def test_a_relay_of_another_protocol_version_is_refused(tmp_path):
    sender = creator()
    old = f"PROTOCOL_VERSION: public(constant(uint256)) = {PROTOCOL_VERSION}"
    code = mutated(tmp_path, "rounds.vy", old, old.replace(f"= {PROTOCOL_VERSION}", "= 99"))
    rounds = create(sender, {"rounds": code})
    with pytest.raises(ChainError, match=f"speaks protocol 99, spoken here is {PROTOCOL_VERSION}: use the"):
        Relay(sender.chain, rounds)


def test_rounds_that_keep_half_of_each_deposit_are_refused(tmp_path):
    sender = creator()
    code = mutated(tmp_path, "round/testing.vy", "returned = entry.deposit - forfeited", "returned = 0")
    rounds = create(sender, {"rounds": code})
    with pytest.raises(ChainError, match=r"the rounds at 0x.* is not the contract .* do not join it"):
        Relay(sender.chain, rounds)


def test_a_coin_that_somebody_else_mints_is_refused():
    sender = creator()
    rounds = create(sender, coin=("Coin", "C", sender.address))
    with pytest.raises(ChainError, match="is minted by another"):
        Relay(sender.chain, rounds)


@pytest.mark.parametrize("name", ["coin", "accounts", "registry"])
def test_a_part_that_is_another_contract_is_refused(name):
    sender = creator()
    first = sender.nonce
    victim = create(sender)
    parts = {part: contract_address(sender.address, first + i) for i, part in enumerate(NAMES)}
    kept = sender.chain.code
    sender.chain.code = lambda at: kept(victim) if at == parts[name] else kept(at)  # a chain where it differs
    with pytest.raises(ChainError, match=f"the {name} at {parts[name]} is not the contract"):
        Relay(sender.chain, victim)


def test_what_is_no_relay_is_refused():
    sender = creator()
    create(sender)
    registry = contract_address(sender.address, sender.nonce - 2)
    with pytest.raises(ChainError, match=f"contract at {registry} is no relay: check the address"):
        Relay(sender.chain, registry)
    with pytest.raises(ChainError, match=f"no contract at {sender.address} on chain {sender.chain.chain_id}"):
        Relay(sender.chain, sender.address)
