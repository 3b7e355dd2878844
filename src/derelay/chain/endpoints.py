"""Several endpoints of one chain, asked one after the other until one answers."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from derelay.chain import survey
from derelay.chain.endpoint import Endpoint
from derelay.chain.rpc_errors import RefusedError, UnreachableError, nobody_answers
from derelay.chain.rpc_format import anything, quantity

T = TypeVar("T")
log = logging.getLogger(__name__)

REST = 30.0
"""Seconds for which an endpoint that failed is asked only when no other answers."""
SURVEY = 60.0
"""Seconds between two comparisons of the endpoints."""


class Endpoints:
    """Fail-over: one endpoint is asked as long as it answers, then the next.

    They are compared at the beginning and then each minute: one that is behind the others, or has other
    blocks than most, rests (see `survey`). None answers that is behind what was already read, so that
    nothing is missed by changing over.

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
        self._rests_until: dict[Endpoint, float] = {}
        self._current: Endpoint | None = None
        self._seen = 0
        self._known: set[Endpoint] = set()
        self._identity = survey.common_identity(self._endpoints)
        self._next_survey = clock()

    @property
    def chain_id(self) -> int:
        """EIP-155 number of the chain."""
        return self._identity[0]

    def ask(self, read: Callable[[Any], T], method: str, *params: Any) -> T:
        """Return the answer of the first endpoint that has one, as ``read`` reads it.

        Raises
        ------
        RefusedError
            All that can be reached refuse, or one ran what was asked and it failed; what the first one says.
        UnreachableError
            None can be reached, or only such as are behind.
        """
        self._compare()
        refusal: RefusedError | None = None
        reasons: list[str] = []
        for endpoint in self._in_order():
            try:
                self._admit(endpoint)
                answer = endpoint.ask(read, method, *params)
            except RefusedError as error:
                if error.reverted():
                    raise
                refusal = refusal or error
            except UnreachableError as error:
                self._rest(endpoint, str(error))
                reasons.append(str(error))
            else:
                if refusal is None:
                    self._current = endpoint
                return answer
        raise refusal or nobody_answers(reasons)

    def tell(self, method: str, *params: Any) -> None:
        """Hand something to all endpoints that are well, and to the others until one has taken it.

        Raises
        ------
        RefusedError, UnreachableError
            None took it; as `ask`.
        """
        refusal: RefusedError | None = None
        reasons: list[str] = []
        is_taken = False
        for endpoint in self._in_order():
            if is_taken and self._is_resting(endpoint):
                break
            try:
                self._check_chain(endpoint)
                endpoint.ask(anything, method, *params)
                is_taken = True
            except RefusedError as error:
                refusal = refusal or error
            except UnreachableError as error:
                self._rest(endpoint, str(error))
                reasons.append(str(error))
        if not is_taken:
            raise refusal or nobody_answers(reasons)

    def saw(self, height: int) -> None:
        """Note that blocks up to ``height`` were read: an endpoint that does not have them is behind."""
        if height < self._seen:  # blocks were replaced, or the endpoint is behind what it said itself
            name = "the chain" if self._current is None else self._current.name
            log.warning("%s is %d blocks behind what was read", name, self._seen - height)
        self._seen = height

    def _in_order(self) -> list[Endpoint]:
        order = sorted(self._endpoints, key=self._is_resting)
        return sorted(order, key=lambda endpoint: endpoint is not self._current)

    def _is_resting(self, endpoint: Endpoint) -> bool:
        return self._clock() < self._rests_until.get(endpoint, 0)

    def _rest(self, endpoint: Endpoint, reason: str) -> None:
        if not self._is_resting(endpoint):
            log.warning("%s", reason)
        self._rests_until[endpoint] = self._clock() + REST
        self._known.discard(endpoint)  # what answers there next may be something else
        if endpoint is self._current:
            self._current = None

    def _admit(self, endpoint: Endpoint) -> None:
        """Raise UnreachableError if an endpoint is on another chain, or behind what was read."""
        self._check_chain(endpoint)
        if endpoint is self._current:
            return
        height = endpoint.ask(quantity, "eth_blockNumber")
        if height < self._seen:
            raise UnreachableError(f"{endpoint.name} is behind (block {height}, {self._seen} is known)")

    def _check_chain(self, endpoint: Endpoint) -> None:
        if endpoint in self._known:
            return
        found = survey.identity(endpoint)
        if found != self._identity:
            raise UnreachableError(
                f"{endpoint.name} is on {survey.describe(found)}, not {survey.describe(self._identity)}"
            )
        self._known.add(endpoint)

    def _compare(self) -> None:
        if len(self._endpoints) == 1 or self._clock() < self._next_survey:
            return
        awake = [endpoint for endpoint in self._endpoints if not self._is_resting(endpoint)]
        for endpoint, reason in survey.unfit(awake).items():
            self._rest(endpoint, reason)
        self._current = None  # the preferred one is asked first again
        self._next_survey = self._clock() + SURVEY
