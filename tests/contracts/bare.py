"""Accounts and coin without a relay: an account of the test's own plays the relay's rounds."""

from __future__ import annotations

from typing import Any

from eth_abi import encode
from eth_typing import ChecksumAddress
from eth_utils.abi import get_abi_input_types
from harness import ETHER, Machine

from derelay.chain.contract import Contract
from derelay.contracts import artifact


class BareAccounts:
    """The two contracts as they are deployed, `boss` in the place of the relay's rounds."""

    def __init__(self, decay: int, people: int) -> None:
        self.machine = Machine()
        self.boss = self.machine.account(10**18 * ETHER)
        self.people = [self.machine.account() for _ in range(people)]
        deployer = self.machine.account()
        with self.machine.tried():  # only to learn the addresses
            at = [self.machine.deploy(deployer, _code("coin", "", "", self.boss)) for _ in range(2)]
        codes = _code("coin", "Coin", "C", at[1]), _code("accounts", self.boss, at[0], decay)
        assert [self.machine.deploy(deployer, code) for code in codes] == at
        self.coin = Contract(self.machine, at[0], "coin")  # type: ignore[arg-type]
        self.accounts = Contract(self.machine, at[1], "accounts")  # type: ignore[arg-type]
        self.machine.send(self.boss, at[1], self.accounts.encode("found", self.boss, 0))

    def send(self, function: str, *args: Any, value: int = 0, who: ChecksumAddress | None = None) -> bytes:
        """Call the accounts as `boss`, or as `who`; return what the call returned."""
        data = self.accounts.encode(function, *args)
        return self.machine.send(who or self.boss, self.accounts.address, data, value).output


def _code(name: str, *args: Any) -> bytes:
    abi: Any = next(entry for entry in artifact(name).abi if entry["type"] == "constructor")
    return artifact(name).bytecode + encode(get_abi_input_types(abi), args)
