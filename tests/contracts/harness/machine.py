"""The simulator's bare EVM, and what only tests do with it."""

from __future__ import annotations

from eth_typing import ChecksumAddress

from derelay.sim import machine
from derelay.sim.machine import ETHER as ETHER


class Machine(machine.Machine):
    """One chain. Block hashes are the EVM's test hashes, each a function of the height alone.

    Calls all run in one transaction's access list: `gas` of a call is that of a warm one.
    """

    def __init__(self, height: int = 1000) -> None:
        super().__init__()
        self._height = height
        self._set_block()

    def force(self, to: ChecksumAddress, amount: int) -> None:
        """Give an account money without calling it, as a block's reward or a contract's end can."""
        self._evm.set_balance(to, self.balance(to) + amount)

    def run(self, sender: ChecksumAddress, to: ChecksumAddress, data: bytes, value: int = 0) -> bytes:
        """Call a contract and keep the effects, as `send` does; return the output alone."""
        return self.send(sender, to, data, value).output

    def logged(self) -> list[tuple[str, list[str], bytes]]:
        """Return what the last call logged as the EVM gives it: address, topics in hex, data."""
        return [(log.address, log.topics, bytes(log.data[1])) for log in self._evm.result.logs]
