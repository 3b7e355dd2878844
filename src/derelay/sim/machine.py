"""A bare EVM in this process (pyrevm): accounts, calls, and a clock that is set by hand.

Calls are no transactions: nobody signs, gas costs no money, and what each call changed is there for the next.
So balances show what the contracts move and nothing else, and a call takes some ten microseconds.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from derelay.chain.chain import Log, Reverted, revert_reason

try:
    from pyrevm import EVM, BlockEnv
except ImportError as error:
    raise ImportError("the in-process EVM is missing: pip install 'derelay[sim]'") from error

ETHER = 10**18
START = 1_767_225_600
"""Time of the first block: 2026-01-01 00:00 UTC."""
_READER = "0x" + "ee" * 20
_HIGHEST = 2**48
_REVERT = re.compile(r"Revert \{ gas_used: (\d+), output: (0x[0-9a-f]*) \}")


@dataclass(frozen=True)
class Done:
    """A call that went through.

    Attributes
    ----------
    gas
        What it used, with what a transaction and its data cost at least, all storage being warm.
    raw
        Events as pyrevm has them; `logs` converts them.
    """

    gas: int
    output: bytes
    raw: list[Any] = field(repr=False)
    height: int

    @cached_property
    def logs(self) -> tuple[Log, ...]:
        """The events of the call, in order."""
        return tuple(
            Log(
                address=to_checksum_address(log.address),
                topics=tuple(bytes.fromhex(topic.removeprefix("0x")) for topic in log.topics),
                data=bytes(log.data[1]),
                block=self.height,
                index=i,
                transaction=bytes(32),
            )
            for i, log in enumerate(self.raw)
        )


class Machine:
    """One chain.

    The EVM's block hashes are functions of the height alone; so the first height is drawn from the seed.

    Parameters
    ----------
    seed
        Of the block hashes, hence of everything that contracts draw.
    """

    chain_id = 1

    def __init__(self, seed: int = 0) -> None:
        self._evm = EVM(spec_id="CANCUN")
        self._height = random.Random(f"height {seed}").randrange(1000, _HIGHEST)
        self._now = START
        self._accounts = 0
        self._set_block()

    def account(self, wealth: int = 1000 * ETHER) -> ChecksumAddress:
        """Make a new account."""
        self._accounts += 1
        address = to_checksum_address(keccak(b"account %d" % self._accounts)[12:])
        self._evm.set_balance(address, wealth)
        return address

    def deploy(self, sender: ChecksumAddress, code: bytes) -> ChecksumAddress:
        """Create a contract.

        Raises
        ------
        Reverted
            With the constructor's reason.
        """
        with _reverts():
            return to_checksum_address(self._evm.deploy(sender, code))

    def nonce(self, who: ChecksumAddress) -> int:
        """Return how many contracts `who` created."""
        return int(self._evm.basic(who).nonce)

    def code(self, at: ChecksumAddress) -> bytes:
        """Return the code at an address."""
        return bytes(self._evm.get_code(at) or b"")

    def balance(self, who: ChecksumAddress) -> int:
        """Return the wei of an account."""
        return int(self._evm.get_balance(who))

    def call(self, to: ChecksumAddress, data: bytes) -> bytes:
        """Read.

        Raises
        ------
        Reverted
            With the contract's reason.
        """
        with _reverts():
            return bytes(self._evm.message_call(_READER, to, data, is_static=True))

    def send(self, sender: ChecksumAddress, to: ChecksumAddress, data: bytes, value: int = 0) -> Done:
        """Call a contract and keep the effects.

        Raises
        ------
        Reverted
            Nothing is changed.
        """
        with _reverts():
            output = bytes(self._evm.message_call(sender, to, data, value=value))
        result: Any = self._evm.result
        return Done(int(result.gas_used), output, result.logs, self._height)

    def height(self) -> int:
        """Return the number of the block in which calls run."""
        return self._height

    def timestamp(self) -> int:
        """Return the time at which calls run, in seconds."""
        return self._now

    def block_hash(self, height: int) -> bytes:
        """Return the hash of an earlier block."""
        return bytes(self._evm.block_hash(height))

    def advance(self, seconds: int = 12, blocks: int = 1) -> None:
        """Let time pass."""
        self._now += seconds
        self._height += blocks
        self._set_block()

    @contextmanager
    def tried(self) -> Iterator[None]:
        """Undo, afterwards, whatever was done inside."""
        before = self._evm.snapshot()
        height, now = self._height, self._now
        try:
            yield
        finally:
            self._evm.revert(before)
            self._height, self._now = height, now
            self._set_block()

    def _set_block(self) -> None:
        self._evm.set_block_env(BlockEnv(number=self._height, timestamp=self._now))


@contextmanager
def _reverts() -> Iterator[None]:
    """Raise what the EVM says in a RuntimeError as our own error."""
    try:
        yield
    except RuntimeError as error:
        found = _REVERT.match(str(error))
        if found is None:
            raise
        raise Reverted(revert_reason(bytes.fromhex(found[2][2:]))) from error
