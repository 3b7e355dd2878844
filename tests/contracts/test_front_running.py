"""Every call, seen before it is in a block and sent by somebody else first.

Whoever waits for a block can be overtaken. For each call that changes anything: others send the very same
data first, then the call goes through with the same effect. `test_being_first` has what being first can do,
docs/explanation/randomness.md the table of both.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from eth_typing import ChecksumAddress
from scene import scene
from waiting import CASES, Call

from derelay.contracts import NAMES, artifact
from derelay.rules.phases import Phase

RELAY_ONLY: dict[str, Callable[[ChecksumAddress], tuple[Any, ...]]] = {
    "registry.slash": lambda who: (who, 1),
    "accounts.found": lambda who: (who, 1),
    "accounts.credit": lambda who: (who, 1),
    "accounts.reward": lambda who: (who, 1, 1),
    "accounts.pay_royalty": lambda _: (1,),
    "accounts.age": lambda _: (),
    "accounts.pause": lambda who: (who,),
    "accounts.resume": lambda who: (who,),
    "coin.mint": lambda who: (who, 1),
}
"""Calls that only the relay's own contracts make, and what one would say for oneself."""
NOT_THE_RELAY = {
    "registry": "registry: not the relay",
    "accounts": "accounts: not the relay",
    "accounts.found": "accounts: founded by another",
    "coin": "coin: not the minter",
}
FIRST_COME = {"rounds.close", "rounds.advance"}


def test_every_call_that_changes_anything_has_a_case():
    calls = {
        f"{name}.{entry['name']}"
        for name in NAMES
        for entry in artifact(name).abi
        if entry["type"] == "function" and entry["stateMutability"] in ("payable", "nonpayable")
    }
    assert calls == set(CASES) | set(RELAY_ONLY) | FIRST_COME


@pytest.mark.parametrize("name", CASES)
def test_a_call_does_the_same_whoever_sent_its_data_first(name):
    call = CASES[name]()
    effect = call.effect()
    for who, reason in call.copied.items():
        with call.scene.relay.machine.tried():
            call.attempt(reason, who)
            assert call.effect() == effect


@pytest.mark.parametrize("name", CASES)
def test_a_call_sent_twice_is_refused_or_does_what_it_says_twice(name):
    call = CASES[name]()
    with call.scene.relay.machine.tried():
        call.send()
        call.attempt(call.again)


@pytest.mark.parametrize("name", RELAY_ONLY)
def test_what_only_the_relay_may_call_nobody_else_can(name):
    s = scene(Phase.REST)
    contract, function = name.split(".")
    for who in (s.stranger, s.owners[0], s.testers[0], s.relay.creator):
        Call(s, who, function, RELAY_ONLY[name](who), {}, to=contract).refused(
            NOT_THE_RELAY.get(name, NOT_THE_RELAY[contract])
        )
