"""Events over any range of blocks, from nodes that answer for some only."""

from __future__ import annotations

from collections.abc import Collection

from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address

from derelay.chain.chain import Log
from derelay.chain.endpoints import Endpoints
from derelay.chain.rpc_errors import RefusedError

START_BLOCKS = 10_000
"""Of the first question: public endpoints allow between some hundred and some ten thousand."""


class LogReader:
    """Asks for ranges of blocks, halved whenever the node refuses one and doubled when it does not."""

    def __init__(self, endpoints: Endpoints) -> None:
        self._endpoints = endpoints
        self._blocks = START_BLOCKS

    def read(self, addresses: Collection[ChecksumAddress], first: int, last: int) -> list[Log]:
        """List the events of the contracts at ``addresses`` from block ``first`` to ``last``, in order.

        Raises
        ------
        RefusedError
            If the node refuses a single block.
        """
        logs: list[Log] = []
        while first <= last:
            end = min(last, first + self._blocks - 1)
            question = {"address": sorted(addresses), "fromBlock": hex(first), "toBlock": hex(end)}
            try:
                found = self._endpoints.ask("eth_getLogs", question)
            except RefusedError:
                if end == first:
                    raise
                self._blocks = (end - first + 1) // 2
                continue
            logs += [log_of(entry) for entry in found]
            first = end + 1
            self._blocks = min(2 * self._blocks, START_BLOCKS)
        return sorted(logs, key=lambda log: (log.block, log.index))


def log_of(entry: dict[str, object]) -> Log:
    """Read an event as nodes write it."""
    return Log(
        address=to_checksum_address(str(entry["address"])),
        topics=tuple(bytes.fromhex(topic[2:]) for topic in entry["topics"]),  # type: ignore[attr-defined]
        data=bytes.fromhex(str(entry["data"])[2:]),
        block=int(str(entry["blockNumber"]), 16),
        index=int(str(entry["logIndex"]), 16),
        transaction=bytes.fromhex(str(entry["transactionHash"])[2:]),
    )
