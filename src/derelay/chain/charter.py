"""Creating a relay: what its creator decides, and its four contracts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from eth_typing import ChecksumAddress

from derelay.chain.chain import Chain, ChainError
from derelay.chain.origin import FROM_SCRATCH, Origin
from derelay.chain.relay import Relay
from derelay.chain.sender import Sender, contract_address, deploy
from derelay.contracts import NAMES, artifact
from derelay.rules.parameters import DECAY_ONE, Parameters

CREATION_GAS = {"coin": 700_000, "accounts": 1_200_000, "registry": 1_400_000, "rounds": 8_000_000}


@dataclass(frozen=True)
class Charter:
    """What a relay's creator decides.

    Attributes
    ----------
    name, symbol
        Of the coin.
    bond, maintainer_bond
        Wei to take part, and to maintain.
    leave_delay
        Seconds between leaving and taking the bond back.
    decay
        What a contribution counts for after one more head, in parts of 1e18.
    committee
        Who alone may maintain; empty for anyone.
    origin
        Which head of which relay the genesis was; None for a relay from scratch.
    """

    task_name: str
    task_hash: bytes
    genesis: bytes
    parameters: Parameters
    name: str = "Relay coin"
    symbol: str = "RELAY"
    bond: int = 10**16
    maintainer_bond: int = 2 * 10**16
    leave_delay: int = 24 * 3600
    decay: int = 9 * DECAY_ONE // 10
    committee: tuple[ChecksumAddress, ...] = ()
    origin: Origin | None = None


def create_relay(sender: Sender, charter: Charter, wait: Callable[[], object]) -> Relay:
    """Create a relay's contracts.

    Parameters
    ----------
    wait
        Called until what was sent is in a block: mines on an embedded chain, sleeps on another.

    Raises
    ------
    ParameterError
        If a relay could not work under the charter's parameters.
    ChainError
        If a contract could not be created, or the genesis is not the head of the origin.
    """
    charter.parameters.check()
    chain, first = sender.chain, sender.nonce
    if charter.origin is not None and charter.origin.chain_id == chain.chain_id:
        _check_genesis(charter, chain)
    at = {name: contract_address(sender.address, first + i) for i, name in enumerate(NAMES)}
    arguments: dict[str, Sequence[Any]] = {
        "coin": (charter.name, charter.symbol, at["accounts"]),
        "accounts": (at["rounds"], at["coin"], charter.decay),
        "registry": (
            at["rounds"],
            charter.bond,
            charter.maintainer_bond,
            charter.leave_delay,
            charter.committee,
        ),
        "rounds": (
            at["registry"],
            at["accounts"],
            charter.parameters.as_tuple(),
            charter.task_name,
            charter.task_hash,
            charter.genesis,
            FROM_SCRATCH if charter.origin is None else charter.origin.as_tuple(),
        ),
    }
    from_block = chain.height()
    sent = []
    for name in NAMES:
        code = artifact(name)
        abi: Any = code.abi
        sent.append((name, deploy(sender, abi, code.bytecode, arguments[name], gas=CREATION_GAS[name])[1]))
    for name, transaction in sent:
        while (receipt := sender.outcome(transaction)) is None:
            wait()
        if not receipt.ok:
            raise ChainError(f"{name} could not be created: {receipt.reason or 'no reason given'}")
    return Relay(chain, at["rounds"], from_block)


def _check_genesis(charter: Charter, chain: Chain) -> None:
    assert charter.origin is not None
    head = charter.origin.head(chain)
    if head != charter.genesis:
        raise ChainError(
            f"genesis {charter.genesis.hex()[:12]} is not version {charter.origin.version} of relay "
            f"{charter.origin.rounds}, which is {head.hex()[:12]}: begin with that head"
        )
