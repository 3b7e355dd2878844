"""Where a relay's genesis comes from: a head of an earlier relay, and the proof that it was one."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any

from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address

from derelay.chain.chain import Chain, ChainError
from derelay.chain.contract import Contract

if TYPE_CHECKING:
    from derelay.chain.relay import Relay

_NOWHERE = to_checksum_address(bytes(20))


@dataclass(frozen=True)
class Origin:
    """A head of a relay: chain, address of the relay's rounds, version of the head.

    Nobody can change the contracts of a relay. A new version of the protocol is a new relay that begins
    with such a head.
    """

    chain_id: int
    rounds: ChecksumAddress
    version: int

    def as_tuple(self) -> tuple[Any, ...]:
        """Return the values in the order of the contract's struct."""
        return astuple(self)

    @classmethod
    def from_tuple(cls, values: tuple[Any, ...]) -> Origin | None:
        """Read the contract's struct; None for a relay from scratch."""
        chain_id, rounds, version = values
        return None if rounds == _NOWHERE else cls(chain_id, rounds, version)

    def head(self, chain: Chain) -> bytes:
        """Return the id of this head, read from its chain.

        `head_of` is the one view that a relay of any protocol version has, so that its successors can
        prove where they come from.

        Raises
        ------
        ChainError
            If ``chain`` is another chain than the origin's, or the relay there has no such head.
        """
        if chain.chain_id != self.chain_id:
            raise ChainError(
                f"the origin is on chain {self.chain_id}, this is chain {chain.chain_id}: connect to that one"
            )
        if not chain.code(self.rounds):
            raise ChainError(f"there is no contract at {self.rounds}, the origin, on chain {self.chain_id}")
        head: bytes = Contract(chain, self.rounds, "rounds").read("head_of", self.version)
        if not any(head):
            raise ChainError(f"relay {self.rounds}, the origin, has no head of version {self.version}")
        return head


FROM_SCRATCH: tuple[Any, ...] = (0, _NOWHERE, 0)
"""The contract's struct of no origin."""


def prove_origin(relay: Relay, chain: Chain) -> None:
    """Prove that a relay's genesis was the head that it says it was.

    The contract itself has proven this at creation if both relays are on one chain; of a relay on
    another chain only somebody who reads both can.

    Parameters
    ----------
    chain
        The origin's.

    Raises
    ------
    ChainError
        If it was not, or the relay names no origin.
    """
    if relay.origin is None:
        raise ChainError(f"relay {relay.rounds.address} was begun from scratch: it names no origin")
    head = relay.origin.head(chain)
    if head != relay.genesis:
        raise ChainError(
            f"the genesis of relay {relay.rounds.address} is {relay.genesis.hex()[:12]}, but version "
            f"{relay.origin.version} of the origin {relay.origin.rounds} is {head.hex()[:12]}: do not join it"
        )
