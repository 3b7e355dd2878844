"""Whether a relay is one of ours: the same code, and four contracts that name each other."""

from __future__ import annotations

from eth_typing import ChecksumAddress
from eth_utils.crypto import keccak

from derelay.chain.chain import Chain, ChainError, Reverted, UnreadableError
from derelay.chain.contract import Contract
from derelay.contracts import artifact
from derelay.rules.protocol import PROTOCOL_VERSION


def contracts_of(chain: Chain, rounds: ChecksumAddress) -> tuple[Contract, Contract, Contract, Contract]:
    """Return a relay's rounds, registry, accounts and coin, after proving that they are what they should be.

    Whoever joins need not trust who created the relay: no contract has other code than ours, and none
    takes orders from anywhere else.

    Raises
    ------
    ChainError
        If there is no relay of this protocol version, or one whose contracts are not ours.
    """
    relay = Contract(chain, rounds, "rounds")
    _check_version(chain, relay)
    _check_code(relay)
    registry, accounts = (
        Contract(chain, address, name)
        for address, name in zip(relay.read("contracts"), ("registry", "accounts"), strict=True)
    )
    for part in (registry, accounts):
        _check_code(part)
        if part.read("ROUNDS") != rounds:
            raise ChainError(f"the {part.name} {part.address} of relay {rounds} obeys another relay")
    coin = Contract(chain, accounts.read("COIN"), "coin")
    _check_code(coin)
    if coin.read("MINTER") != accounts.address:
        raise ChainError(f"the coin {coin.address} of relay {rounds} is minted by another: do not join it")
    return relay, registry, accounts, coin


def _check_version(chain: Chain, relay: Contract) -> None:
    if not chain.code(relay.address):
        raise ChainError(
            f"there is no contract at {relay.address} on chain {chain.chain_id}: check address and chain"
        )
    try:
        version = relay.read("PROTOCOL_VERSION")
    except (Reverted, UnreadableError) as error:
        raise ChainError(f"the contract at {relay.address} is no relay: check the address") from error
    if version != PROTOCOL_VERSION:
        raise ChainError(
            f"relay {relay.address} speaks protocol {version}, spoken here is {PROTOCOL_VERSION}: "
            "use the version of derelay that it was created with"
        )


def _check_code(contract: Contract) -> None:
    """Compare the code at the address with the artifact's; the immutables stand behind it."""
    code, ours = contract.chain.code(contract.address), artifact(contract.name)
    length = ours.runtime_size
    if len(code) != length + ours.immutables_size or keccak(code[:length]) != ours.runtime_hash:
        raise ChainError(
            f"the {contract.name} at {contract.address} is not the contract that this version of derelay "
            "knows, though it says so: do not join it"
        )
