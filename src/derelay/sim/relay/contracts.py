"""A relay's four contracts in a machine: created, and read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from eth_abi.abi import encode
from eth_typing import ChecksumAddress
from eth_utils.abi import get_abi_input_types

from derelay.chain.contract import Contract
from derelay.chain.origin import FROM_SCRATCH
from derelay.chain.sender import contract_address
from derelay.contracts import NAMES, artifact
from derelay.sim.machine import Machine
from derelay.sim.relay.calls import Calls
from derelay.sim.relay.current import Current
from derelay.sim.relay.setting import Setting

LEAVE_DELAY = 24 * 3600


@dataclass(frozen=True)
class Contracts:
    """The four, by their names in `derelay.contracts.NAMES`, and what is asked of them round by round."""

    machine: Machine
    coin: Contract
    accounts: Contract
    registry: Contract
    rounds: Contract

    @cached_property
    def calls(self) -> Calls:
        """Call data for them."""
        return Calls(self.rounds.address, self.machine.chain_id)

    def current(self) -> Current:
        """Return what the contract says of the round."""
        return Current(self.machine.call(self.rounds.address, self.calls.current()))

    def newest(self, who: bytes) -> int:
        """Return the newest version of the head that ``who`` (an address as a word) was ever granted."""
        return _number(self.machine.call(self.rounds.address, self.calls.newest(who)))

    def owed(self, who: bytes) -> tuple[int, int]:
        """Return the wei and the 1e-18 coins that ``who`` (an address as a word) may withdraw."""
        data = self.machine.call(self.accounts.address, self.calls.owed(who))
        return _number(data[:32]), _number(data[32:])

    def maintainer_count(self) -> int:
        """Return how many maintain."""
        return _number(self.machine.call(self.registry.address, self.calls.maintainer_count()))

    def maintainers(self) -> list[int]:
        """Return the registry's list, in its order: addresses as numbers."""
        at, calls = self.registry.address, self.calls
        return [_number(self.machine.call(at, calls.maintainer(i))) for i in range(self.maintainer_count())]


def _number(data: bytes) -> int:
    return int.from_bytes(data, "big")


def create(machine: Machine, creator: ChecksumAddress, setting: Setting, genesis: bytes) -> Contracts:
    """Create a relay from scratch.

    Raises
    ------
    derelay.rules.parameters.ParameterError
        If a relay could not work under the setting's parameters.
    """
    parameters = setting.parameters.check()
    first = machine.nonce(creator)
    at = {name: contract_address(creator, first + i) for i, name in enumerate(NAMES)}
    arguments: dict[str, Sequence[Any]] = {
        "coin": ("Relay coin", "RELAY", at["accounts"]),
        "accounts": (at["rounds"], at["coin"], setting.decay),
        "registry": (at["rounds"], *setting.bonds, LEAVE_DELAY, []),
        "rounds": (
            at["registry"],
            at["accounts"],
            parameters.as_tuple(),
            "simulated",
            bytes(32),
            genesis,
            FROM_SCRATCH,
        ),
    }
    for name in NAMES:
        abi: Any = next(entry for entry in artifact(name).abi if entry["type"] == "constructor")
        machine.deploy(creator, artifact(name).bytecode + encode(get_abi_input_types(abi), arguments[name]))
    return Contracts(machine, **{name: Contract(machine, at[name], name) for name in NAMES})  # type: ignore[arg-type]
