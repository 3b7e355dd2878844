"""What a wallet has signed: kept, so that it takes effect once, whatever dies or is lost on the way."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import rlp  # type: ignore[import-untyped]
from eth_account.typed_transactions.typed_transaction import TypedTransaction
from eth_utils.crypto import keccak
from hexbytes import HexBytes

_LEGACY = ("nonce", "gasPrice", "gas", "to", "value", "data")
_NUMBERS = ("nonce", "gasPrice", "gas", "value")
_FIELDS = ("chainId", *_LEGACY, "maxFeePerGas", "maxPriorityFeePerGas")
_TYPES = 0x80  # a first byte below is the type of a transaction (EIP-2718)


class Errand(NamedTuple):
    """What a transaction is for: an action of a round, done once."""

    round: int
    action: str


@dataclass(frozen=True)
class Signed:
    """A signed transaction.

    Attributes
    ----------
    nonce
        Several may have the same: at most one of them takes effect.
    raw
        As it is handed in.
    errand
        None for one that nobody asks after.
    height, time
        Of the newest block when it was signed.
    is_void
        Whether it was given up: no node takes it, so its nonce is free and its errand is to be run anew.
        Should it be in a block nevertheless, that counts.
    """

    nonce: int
    raw: bytes
    errand: Errand | None
    height: int
    time: int
    is_void: bool = False

    def repeats(self, other: Signed) -> bool:
        """Return whether it runs the same errand as another one that is void."""
        return other.is_void and self.errand == other.errand

    @cached_property
    def hash(self) -> bytes:
        """By which the chain knows it."""
        return keccak(self.raw)

    @cached_property
    def fields(self) -> Mapping[str, Any]:
        """What was signed, by JSON-RPC names."""
        if self.raw[0] < _TYPES:
            values = TypedTransaction.from_bytes(HexBytes(self.raw)).as_dict()
            return {name: values[name] for name in _FIELDS if name in values}
        *items, v, _, _ = rlp.decode(self.raw)
        values = dict(zip(_LEGACY, items, strict=True))
        numbers = {name: int.from_bytes(values[name], "big") for name in _NUMBERS}
        return values | numbers | {"chainId": (int.from_bytes(v, "big") - 35) // 2}  # EIP-155


class Outbox:
    """Where a sender keeps what it signed. This one forgets it with the process: see `Journal`."""

    def signed(self) -> list[Signed]:
        """Return what is kept, in the order in which it was added."""
        return []

    def add(self, signed: Signed) -> None:
        """Keep a transaction. It is safe when this returns, and only then handed in."""

    def void(self, nonce: int) -> None:
        """Mark all transactions of a nonce as void."""

    def forget_void(self, errand: Errand) -> None:
        """Keep the void transactions of an errand no longer."""

    def forget(self, nonces: Collection[int]) -> None:
        """Keep the transactions of these nonces no longer."""
