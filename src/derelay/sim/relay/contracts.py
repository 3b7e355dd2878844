"""A relay's four contracts, created in a machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from eth_abi.abi import encode
from eth_typing import ChecksumAddress
from eth_utils.abi import get_abi_input_types

from derelay.chain.contract import Contract
from derelay.chain.origin import FROM_SCRATCH
from derelay.chain.sender import contract_address
from derelay.contracts import NAMES, artifact
from derelay.sim.machine import Machine
from derelay.sim.relay.setting import Setting

LEAVE_DELAY = 24 * 3600


@dataclass(frozen=True)
class Contracts:
    """The four, by their names in `derelay.contracts.NAMES`."""

    coin: Contract
    accounts: Contract
    registry: Contract
    rounds: Contract


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
    return Contracts(**{name: Contract(machine, at[name], name) for name in NAMES})  # type: ignore[arg-type]
