"""Relays that cannot be created, and why."""

from dataclasses import replace
from typing import Any

import pytest
from eth_abi import encode
from eth_utils import keccak, to_checksum_address
from eth_utils.abi import get_abi_input_types
from harness import QUICK, Machine, Relay
from harness.relay import GENESIS

from derelay.chain.chain import Reverted
from derelay.chain.origin import FROM_SCRATCH
from derelay.contracts import artifact
from derelay.rules.parameters import LONGEST, MAX_ENTRIES, MAX_LOAD, MAX_MONEY, MAX_POOL, MAX_SEATS

ONE = 10**18
NOWHERE = FROM_SCRATCH[1]
SOMEWHERE = to_checksum_address(keccak(b"somewhere")[12:])
WINDOWS = len(QUICK.window_seconds)
PARAMETERS: dict[str, list[dict[str, Any]]] = {
    "parameters: money": [{name: MAX_MONEY + 1} for name in ("price", "seat_fee", "closing_fee", "slash")],
    "parameters: versions cap": [{"versions_cap": 0}],
    "parameters: undecided share": [{"undecided_share": 10_001}],
    "parameters: burned share": [{"burned_share": 10_001}],
    "parameters: seats": [
        {"min_seats": 0},
        {"min_seats": 6, "seats": 5},
        {"seats": MAX_SEATS + 1, "voters": MAX_SEATS},
    ],
    "parameters: load": [{"load": 0}, {"load": MAX_LOAD + 1}],
    "parameters: pool size": [{"pool_size": 0}, {"pool_size": MAX_POOL + 1}],
    "parameters: voters": [{"voters": QUICK.min_seats - 1}, {"voters": MAX_SEATS + 1}],
    "parameters: entries": [{"max_entries": 0}, {"max_entries": MAX_ENTRIES + 1}],
    "parameters: step": [{"step": 0}, {"step": 10_001}],
    "parameters: clip": [{"clip": 0}, {"clip": 10**12 + 1}],
    "parameters: trim": [{"trim": 10_001}, {"vote_trim": 10_001}],
    "parameters: certainty": [{"z_pass": 100_001}, {"z_fail": 100_001}, {"z_mint": 100_001}],
    "parameters: gains": [{"g_min": -1}, {"g_head": -1}, {"g_ref": 0}],
    "parameters: trainers share": [{"trainers_share": 0, "servers_share": 0}, {"trainers_share": 10_001}],
    "parameters: servers share": [{"trainers_share": 6_000, "servers_share": 4_001}],
    "parameters: windows": [
        {name: (4,) * (WINDOWS - 1) + (LONGEST + 1,)} for name in ("window_seconds", "window_blocks")
    ],
    "parameters: time to train": [{"window_seconds": (3,) * WINDOWS, "window_blocks": (3,) * WINDOWS}],
}
TERMS: dict[str, list[dict[str, Any]]] = {
    "accounts: decay out of range": [{"decay": ONE // 10 - 1}, {"decay": ONE + 1}],
    "registry: maintainer bond below bond": [{"bonds": (2, 1)}],
    "registry: leave delay of over a year": [{"leave_delay": LONGEST + 1}],
    "empty genesis": [{"genesis": bytes(32)}],
    "version without an origin": [{"origin": (0, NOWHERE, 1)}, {"origin": (1, NOWHERE, 0)}],
    "version of the origin": [{"origin": (2, SOMEWHERE, 2**64)}],
}
FOREIGN = ("foreign registry", "foreign accounts", "no head of the origin")
BEFORE = ("accounts: coins from before", "accounts: founded already")  # tests/chain/test_before_creation.py
REFUSED = {*PARAMETERS, *TERMS, *FOREIGN, *BEFORE}
"""Reasons that only a creation is refused for."""


def cases(table: dict[str, list[dict[str, Any]]]) -> list[Any]:
    return [(reason, each) for reason, changes in table.items() for each in changes]


def refused(reason: str, **terms: Any) -> None:
    with pytest.raises(Reverted) as error:
        Relay(audited=False, **terms)
    assert error.value.reason == reason


@pytest.mark.parametrize(("reason", "change"), cases(PARAMETERS))
def test_parameters(reason, change):
    refused(reason, parameters=replace(QUICK, **change))


@pytest.mark.parametrize(("reason", "change"), cases(TERMS))
def test_terms(reason, change):
    refused(reason, **change)


def test_the_ends_of_what_is_allowed():
    widest = replace(
        QUICK,
        price=MAX_MONEY,
        seat_fee=MAX_MONEY,
        closing_fee=MAX_MONEY,
        slash=MAX_MONEY,
        undecided_share=10_000,
        burned_share=10_000,
        min_seats=MAX_SEATS,
        seats=MAX_SEATS,
        voters=MAX_SEATS,
        load=MAX_LOAD,
        pool_size=MAX_POOL,
        max_entries=MAX_ENTRIES,
        step=10_000,
        clip=10**12,
        trim=10_000,
        vote_trim=10_000,
        z_pass=100_000,
        z_mint=100_000,
        z_fail=100_000,
        trainers_share=6_000,
        servers_share=4_000,
        window_seconds=(LONGEST,) * WINDOWS,
        window_blocks=(LONGEST,) * WINDOWS,
    )
    ones = ("min_seats", "seats", "voters", "load", "pool_size", "max_entries", "step", "clip", "g_ref")
    least = replace(
        QUICK,
        **dict.fromkeys(ones, 1),
        window_seconds=(0, 0, 4, 0, 0, 0, 0, 0),
        window_blocks=(0,) * WINDOWS,
    )
    Relay(widest, audited=False, bonds=(1, 1), leave_delay=LONGEST, decay=ONE)
    Relay(least, audited=False, bonds=(0, 0), leave_delay=0, decay=ONE // 10)
    Relay(audited=False, origin=(2, SOMEWHERE, 2**64 - 1))


def test_a_genesis_that_was_no_head_of_the_origin():
    old = Relay(audited=False)
    refused(
        "no head of the origin", machine=old.machine, genesis=b"x" * 32, origin=(1, old.rounds.address, 0)
    )
    refused("no head of the origin", machine=old.machine, origin=(1, old.rounds.address, 1))


def test_rounds_take_no_registry_and_no_accounts_of_another_relay():
    machine = Machine()
    relay = Relay(machine=machine, audited=False)
    creator = machine.account()

    def create(name: str, *args: Any) -> str:
        abi: Any = next(entry for entry in artifact(name).abi if entry["type"] == "constructor")
        return machine.deploy(creator, artifact(name).bytecode + encode(get_abi_input_types(abi), args))

    def rounds(registry: str, accounts: str) -> str:
        task = "task", bytes(32)
        return create("rounds", registry, accounts, QUICK.as_tuple(), *task, GENESIS, FROM_SCRATCH)

    with pytest.raises(Reverted, match="foreign registry"):
        rounds(relay.registry.address, relay.accounts.address)
    with machine.tried():  # only to learn the address
        create("registry", SOMEWHERE, 0, 0, 0, [])
        at = create("registry", SOMEWHERE, 0, 0, 0, [])
    registry = create("registry", at, 0, 0, 0, [])
    with pytest.raises(Reverted, match="foreign accounts"):
        rounds(registry, relay.accounts.address)
