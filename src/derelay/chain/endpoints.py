"""Several endpoints of one chain, asked one after the other until one answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from derelay.chain.chain import ChainError
from derelay.chain.endpoint import Endpoint
from derelay.chain.rpc_errors import RefusedError, UnreachableError

REST = 30.0
"""Seconds for which an endpoint that failed is asked last."""


class Endpoints:
    """Fail-over: one endpoint is asked as long as it answers, then the next.

    An endpoint takes part once it has shown that it is on the same chain (same id, same genesis), and
    answers only while it is not behind what was already read, so that nothing is missed by changing over.

    Parameters
    ----------
    endpoints
        In order of preference.
    clock
        Seconds that only rise.

    Raises
    ------
    ChainError
        If none can be reached, or two are on different chains.
    """

    def __init__(self, endpoints: Sequence[Endpoint], clock: Callable[[], float] = time.monotonic) -> None:
        self._endpoints = list(endpoints)
        self._clock = clock
        self._failed: dict[Endpoint, float] = {}
        self._known: set[Endpoint] = set()
        self._current: Endpoint | None = None
        self._chain: tuple[int, str] | None = None
        self._seen = 0
        self.ask("eth_blockNumber")
        assert self._chain is not None
        self.chain_id: int = self._chain[0]

    def ask(self, method: str, *params: Any) -> Any:
        """Return the answer of the first endpoint that has one.

        Raises
        ------
        RefusedError
            All that can be reached refuse; what the first one says.
        UnreachableError
            None can be reached, or only such as are behind.
        """
        return next(self.answers(method, *params))

    def answers(self, method: str, *params: Any) -> Iterator[Any]:
        """Yield the answers of the endpoints, one after the other; raise as `ask` does if there is none."""
        refusal: RefusedError | None = None
        reasons: list[str] = []
        answered = False
        for endpoint in self._in_order():
            try:
                self._admit(endpoint)
                answer = endpoint.ask(method, *params)
            except RefusedError as error:
                refusal = refusal or error
            except UnreachableError as error:
                self._failed[endpoint] = self._clock()
                if endpoint is self._current:
                    self._current = None
                reasons.append(str(error))
            else:
                self._current = self._current or endpoint
                answered = True
                yield answer
        if answered:
            return
        if refusal is not None:
            raise refusal
        raise UnreachableError(
            f"no endpoint of the chain can be used: {'; '.join(reasons)}. Check them, or name another"
        )

    def saw(self, height: int) -> None:
        """Note that blocks up to ``height`` were read: an endpoint that does not have them is behind."""
        self._seen = height

    def _in_order(self) -> list[Endpoint]:
        now = self._clock()
        rested = [e for e in self._endpoints if now - self._failed.get(e, -REST) >= REST]
        first = [self._current] if self._current is not None else []
        others = [e for e in (*rested, *self._endpoints) if e is not self._current]
        return list(dict.fromkeys([*first, *others]))

    def _admit(self, endpoint: Endpoint) -> None:
        """Let an endpoint answer; raise if it is on another chain, or behind."""
        if endpoint is self._current:
            return
        if endpoint not in self._known:
            genesis = endpoint.ask("eth_getBlockByNumber", "0x0", False)
            chain = int(endpoint.ask("eth_chainId"), 16), genesis["hash"]
            if self._chain is not None and chain != self._chain:
                raise ChainError(
                    f"{endpoint.name} is on another chain (id {chain[0]}, genesis {chain[1][:12]}) than "
                    f"the endpoints before it (id {self._chain[0]}, genesis {self._chain[1][:12]}): "
                    "take it from the list"
                )
            self._chain = chain
            self._known.add(endpoint)
        height = int(endpoint.ask("eth_blockNumber"), 16)
        if height < self._seen:
            raise UnreachableError(f"{endpoint.name} is behind (block {height}, {self._seen} is known)")
