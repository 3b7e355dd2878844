"""Governed by nobody: who created a relay may do what any stranger may, in every phase, and nothing more."""

from typing import Any

from eth_abi.grammar import parse
from eth_typing import ChecksumAddress
from eth_utils import to_canonical_address
from eth_utils.abi import get_abi_input_types
from harness import QUICK, Relay, Round
from test_calls import visit_phases

from derelay.chain.chain import Reverted
from derelay.chain.contract import Contract
from derelay.contracts import artifact
from derelay.rules.phases import Phase

X = b"\x01" * 32
EXAMPLES = {"address": "0x" + "11" * 20, "string": "url", "uint": 1}
OF_THE_RELAY = {
    "coin": {"mint": "coin: not the minter"},
    "accounts": dict.fromkeys(
        ("credit", "reward", "pay_royalty", "age", "pause", "resume"), "accounts: not the relay"
    ),
    "registry": {"slash": "registry: not the relay"},
    "rounds": {},
}
"""Calls that one contract of the relay takes from another, and what everybody else is told."""
OF_ANYONE = {
    "coin": {"transfer", "approve", "burn"},
    "accounts": set(),
    "registry": {"raise_bond", "rotate_key", "move", "maintain", "leave"},
    "rounds": {"close", "advance", "enter"},
}
"""Calls that go through for both in some phase; the rest needs a role, which neither has."""


def contracts_of(relay: Relay) -> tuple[Contract, ...]:
    return relay.coin, relay.accounts, relay.registry, relay.rounds


def twins() -> tuple[Relay, list[ChecksumAddress], tuple[ChecksumAddress, ChecksumAddress]]:
    """Return a relay after its first round, its trainers, and two who have the same: creator and stranger."""
    relay = Relay(QUICK, audited=False)
    trainers = [relay.join() for _ in range(3)]
    for _ in range(6):
        relay.join(maintains=True)
    Round(relay).play(trainers)
    assert relay.creator not in relay.owners
    both = relay.creator, relay.machine.account()
    for who in both:
        relay.send(who, "register", X, "url", value=relay.bonds[True], to=relay.registry)
    take_earned(relay)
    coins = relay.coin.read("balanceOf", relay.creator)
    relay.send(relay.creator, "transfer", both[1], coins // 2, to=relay.coin)
    return relay, trainers, both


def take_earned(relay: Relay) -> None:
    """Let the creator withdraw its royalties, and what it earned by closing."""
    if any(relay.owed(relay.creator)):
        relay.send(relay.creator, "withdraw", to=relay.accounts)


def outcome(relay: Relay, who: ChecksumAddress, contract: Contract, function: dict[str, Any]) -> Any:
    """Return what a call comes to: the reason why not, or what was logged."""
    name = function["name"]
    args = [example(kind) for kind in get_abi_input_types(function)]
    value = relay.bonds[True] if function["stateMutability"] == "payable" else 0
    if name == "enter":
        value = sum(relay.price_of(who))
    with relay.machine.tried():
        if name == "close":
            relay.machine.advance(max(QUICK.window_seconds), max(QUICK.window_blocks))
        try:
            events = relay.send(who, name, *args, value=value, to=contract)
        except Reverted as error:
            return error.reason
    return [
        (event.name, {key: "me" if said == who else said for key, said in event.values.items()})
        for event in events
    ]


def example(kind: str) -> Any:
    """Return an argument of a type."""
    parsed = parse(kind)
    if parsed.is_array:
        (size,) = parsed.arrlist[-1] or (0,)
        return [example(parsed.item_type.to_type_str())] * size
    if parsed.base == "bytes":
        return X[: parsed.sub or 0]
    return EXAMPLES[parsed.base]


def test_the_creator_is_treated_as_any_stranger_in_every_phase():
    relay, trainers, (creator, stranger) = twins()
    went_through: dict[str, set[str]] = {contract.name: set() for contract in contracts_of(relay)}
    phases = []
    for phase in visit_phases(relay, trainers):
        phases.append(phase)
        take_earned(relay)
        assert relay.price_of(creator) == relay.price_of(stranger)
        for contract in contracts_of(relay):
            for function in artifact(contract.name).abi:
                if function["type"] != "function" or function["stateMutability"] in ("view", "pure"):
                    continue
                name = function["name"]
                mine = outcome(relay, creator, contract, function)
                assert mine == outcome(relay, stranger, contract, function), (phase.name, contract.name, name)
                assert mine == OF_THE_RELAY[contract.name].get(name, mine)
                if not isinstance(mine, str):
                    went_through[contract.name].add(name)
    assert went_through == OF_ANYONE
    assert phases == [*Phase, Phase.REST]


def test_no_contract_remembers_who_made_it():
    relay = Relay(audited=False)
    for contract in contracts_of(relay):
        assert to_canonical_address(relay.creator) not in relay.machine.code(contract.address)
