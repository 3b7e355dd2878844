"""What all contracts of the model share: balances, the clock, what was logged, who is called when paid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple

NOBODY = "0x" + "00" * 20
EMPTY = bytes(32)


class Event(NamedTuple):
    """What a contract logs; `values` are in the order of the ABI."""

    at: str
    contract: str
    name: str
    values: tuple[Any, ...]


class Refused(Exception):  # noqa: N818 (a call's outcome, not an error of the model)
    """The contract reverts, with this reason ("" for none)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def require(condition: bool, reason: str) -> None:
    if not condition:
        raise Refused(reason)


def fields(record: object) -> tuple[Any, ...]:
    """Return the values of a dataclass in their order; many times faster than `dataclasses.astuple`."""
    return tuple(vars(record).values())


class World:
    """One chain.

    Parameters
    ----------
    block_hash
        The hash of an earlier block, by its height.
    """

    def __init__(self, chain_id: int, block_hash: Callable[[int], bytes]) -> None:
        self.chain_id = chain_id
        self.block_hash = block_hash
        self.time = self.height = 0
        self.balances: defaultdict[str, int] = defaultdict(int)
        self.receivers: dict[str, Callable[[], None]] = {}
        self.events: list[Event] = []

    def log(self, at: str, contract: str, name: str, *values: Any) -> None:
        self.events.append(Event(at, contract, name, values))

    def move(self, payer: str, payee: str, amount: int) -> None:
        """Move native currency; the receiver is not called."""
        assert 0 <= amount <= self.balances[payer], "the model pays more than there is"
        self.balances[payer] -= amount
        self.balances[payee] += amount

    def pay(self, payer: str, payee: str, amount: int) -> None:
        """Pay a participant; one that is a contract is called, and may call back."""
        self.move(payer, payee, amount)
        if payee in self.receivers:
            self.receivers[payee]()
