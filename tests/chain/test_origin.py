"""A relay that begins with a head of an earlier one, and the proof that it does."""

from dataclasses import replace

import pytest
from relays import GENESIS, create, creator

from derelay.chain.chain import ChainError
from derelay.chain.charter import Charter, create_relay
from derelay.chain.embedded import EmbeddedChain
from derelay.chain.origin import Origin, prove_origin
from derelay.chain.relay import Relay
from derelay.rules.parameters import OPEN

CHARTER = Charter("task", bytes(32), GENESIS, OPEN)


def test_a_successor_begins_with_the_head_of_its_origin():
    sender = creator()
    chain = sender.chain
    old = create_relay(sender, CHARTER, chain.mine)
    origin = Origin(chain.chain_id, old.rounds.address, 0)
    relay = create_relay(sender, replace(CHARTER, origin=origin), chain.mine)
    assert (relay.origin, relay.genesis) == (origin, GENESIS)
    assert relay.history.named("Succeeds")[0].values == {
        "chain_id": chain.chain_id,
        "rounds": old.rounds.address,
        "version": 0,
    }
    prove_origin(relay, chain)


def test_what_is_no_head_of_the_origin_creates_nothing():
    sender = creator()
    chain = sender.chain
    old = create(sender)
    nonce = sender.nonce
    for charter, reason in [
        (replace(CHARTER, origin=Origin(chain.chain_id, old, 3)), "has no head of version 3"),
        (replace(CHARTER, origin=Origin(chain.chain_id, sender.address, 0)), "there is no contract at"),
        (
            replace(CHARTER, genesis=b"x" * 32, origin=Origin(chain.chain_id, old, 0)),
            f"genesis {(b'x' * 32).hex()[:12]} is not version 0 of relay {old}",
        ),
    ]:
        with pytest.raises(ChainError, match=reason):
            create_relay(sender, charter, chain.mine)
    assert sender.nonce == nonce


def test_an_origin_on_another_chain_is_proven_by_whoever_reads_that_chain(monkeypatch):
    there, here = creator(1), creator(2)
    old = create(there)
    real = here.chain.chain_id
    monkeypatch.setattr(EmbeddedChain, "chain_id", property(lambda self: 5 if self is there.chain else real))
    origin = Origin(5, old, 0)
    honest, lying = (
        create_relay(here, replace(CHARTER, genesis=id, origin=origin), here.chain.mine)
        for id in (GENESIS, b"x" * 32)
    )
    prove_origin(honest, there.chain)
    with pytest.raises(ChainError, match=f"the origin is on chain 5, this is chain {real}"):
        prove_origin(honest, here.chain)
    with pytest.raises(ChainError, match=r"but version 0 of the origin .* do not join it"):
        prove_origin(lying, there.chain)


def test_a_relay_from_scratch_has_nothing_to_prove():
    sender = creator()
    relay = Relay(sender.chain, create(sender))
    with pytest.raises(ChainError, match="begun from scratch"):
        prove_origin(relay, sender.chain)
