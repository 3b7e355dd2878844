"""A bare EVM (pyrevm): accounts, calls, a clock that is set by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from eth_typing import ChecksumAddress
from eth_utils import keccak, to_checksum_address
from pyrevm import EVM, BlockEnv

from derelay.chain.chain import Log, Reverted, revert_reason

ETHER = 10**18
START = 1_767_225_600
_READER = "0x" + "ee" * 20
_OUTPUT = re.compile(r"Revert \{ gas_used: (\d+), output: (0x[0-9a-f]*) \}")


@dataclass(frozen=True)
class Done:
    """A call that went through."""

    gas: int
    output: bytes
    logs: tuple[Log, ...]


class Machine:
    """One chain. Block hashes are the EVM's test hashes, each a function of the height alone.

    Calls cost no gas money, so that balances show what the contracts move. They all run in one
    transaction's access list: `gas` of a call is that of a warm one.
    """

    chain_id = 1

    def __init__(self, height: int = 1000) -> None:
        self._evm = EVM(spec_id="CANCUN")
        self._height, self._now = height, START
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
        # revm pads what it analysed with zeros, one of which at least is not of the contract
        return bytes(self._evm.get_code(at) or b"")

    def balance(self, who: ChecksumAddress) -> int:
        """Return the wei of an account."""
        return int(self._evm.get_balance(who))

    def force(self, to: ChecksumAddress, amount: int) -> None:
        """Give an account money without calling it, as a block's reward or a contract's end can."""
        self._evm.set_balance(to, self.balance(to) + amount)

    def call(self, to: ChecksumAddress, data: bytes) -> bytes:
        """Read."""
        with _reverts():
            return bytes(self._evm.message_call(_READER, to, data, is_static=True))

    def send(self, sender: ChecksumAddress, to: ChecksumAddress, data: bytes, value: int = 0) -> Done:
        """Call a contract and keep the effects.

        Raises
        ------
        Reverted
            Nothing is changed.
        """
        output = self.run(sender, to, data, value)
        logs = tuple(
            Log(
                address=to_checksum_address(address),
                topics=tuple(bytes.fromhex(topic.removeprefix("0x")) for topic in topics),
                data=plain,
                block=self._height,
                index=i,
                transaction=bytes(32),
            )
            for i, (address, topics, plain) in enumerate(self.logged())
        )
        return Done(int(self._evm.result.gas_used), output, logs)

    def run(self, sender: ChecksumAddress, to: ChecksumAddress, data: bytes, value: int = 0) -> bytes:
        """Call a contract and keep the effects, as `send` does; return the output alone."""
        with _reverts():
            return bytes(self._evm.message_call(sender, to, data, value=value))

    def logged(self) -> list[tuple[str, list[str], bytes]]:
        """Return what the last call logged as the EVM gives it: address, topics in hex, data."""
        return [(log.address, log.topics, bytes(log.data[1])) for log in self._evm.result.logs]

    def height(self) -> int:
        """Return the number of the block in which calls run."""
        return self._height

    def timestamp(self) -> int:
        """Return the time at which calls run."""
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
        found = _OUTPUT.match(str(error))
        if found is None:
            raise
        raise Reverted(revert_reason(bytes.fromhex(found[2][2:]))) from error
