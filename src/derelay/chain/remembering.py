"""Views asked once for as long as their answers stand."""

from __future__ import annotations

from typing import Any

from derelay.chain.contract import Contract
from derelay.chain.history import History


class RememberingContract(Contract):
    """A contract whose every change of state emits an event, so that without one its views need no asking.

    What depends on time, or on another contract, is asked with `read_now`.
    """

    def __init__(self, contract: Contract, history: History) -> None:
        super().__init__(contract.chain, contract.address, contract.name)
        self._history = history
        self._count = -1
        self._answers: dict[tuple[Any, ...], Any] = {}

    def read(self, function: str, *args: Any) -> Any:
        """Call a view, unless its answer is known; see `Contract.read`."""
        count = self._history.count(self.address)
        if count != self._count:
            self._count = count
            self._answers.clear()
        question = (function, *args)
        if question not in self._answers:
            self._answers[question] = self.read_now(function, *args)
        return self._answers[question]

    def read_now(self, function: str, *args: Any) -> Any:
        """Call a view as of the newest block."""
        return super().read(function, *args)

    def forget(self) -> None:
        """Ask anew: an answer that is known cannot be true."""
        self._answers.clear()
