"""Events over any range of blocks, from nodes that answer for some only."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import Any

from eth_typing import ChecksumAddress

from derelay.chain import rpc_format
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
            asked_for = partial(_asked_for, addresses, range(first, end + 1))
            try:
                found = self._endpoints.ask(asked_for, "eth_getLogs", question)
            except RefusedError:
                if end == first:
                    raise
                self._blocks = (end - first + 1) // 2
                continue
            logs += found
            first = end + 1
            self._blocks = min(2 * self._blocks, START_BLOCKS)
        return sorted(logs, key=lambda log: (log.block, log.index))


def _asked_for(addresses: Collection[ChecksumAddress], blocks: range, answer: Any) -> list[Log]:
    """Read events, all of which were asked for."""
    logs = rpc_format.logs(answer)
    if any(log.address not in addresses or log.block not in blocks for log in logs):
        raise ValueError("events that nobody asked for")
    return logs
