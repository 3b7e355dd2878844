"""What goes wrong between here and a node, told apart, whatever words the node has for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from derelay.chain.chain import ChainError, Reverted, revert_reason

_HEX = re.compile(r"0x([0-9a-fA-F]*)$")
_QUOTED = re.compile(r"reverted with reason string '(.*)'", re.DOTALL)
_REVERT_CODE = 3  # geth's, and of who follows it
_MOST_WORDS = 400  # characters of a message that are shown
_FAILED = re.compile(
    r"revert|out of gas|outofgas|invalid opcode|invalidfeopcode|vm exec|vm except|evm error", re.I
)
"""Words by which nodes say that a call ran and failed, rather than that they could not run it."""


class UnreachableError(ChainError):
    """An endpoint that gives no answer."""


def nobody_answers(reasons: Sequence[str]) -> UnreachableError:
    """Return the error of having tried all endpoints, each with its reason."""
    return UnreachableError(f"chain: {'; '.join(reasons)}: check the endpoints, or name another one")


class RefusedError(ChainError):
    """A node's answer that it will not, or cannot.

    Attributes
    ----------
    code : int
        JSON-RPC error code.
    message : str
        The node's own words.
    data : object
        Whatever else it says: with a revert, what the contract returned.
    """

    def __init__(self, endpoint: str, error: dict[str, Any]) -> None:
        code = error.get("code")
        self.code = code if isinstance(code, int) else 0
        self.message = str(error.get("message", "no reason given"))[:_MOST_WORDS]
        self.data = error.get("data")
        super().__init__(f"{endpoint} refuses: {self.message} ({self.code})")

    @property
    def is_unknown_method(self) -> bool:
        """Whether the node does not offer what it was asked for."""
        return self.code in (-32601, -32004)

    def reverted(self) -> Reverted | None:
        """Return the revert that this answer reports; None if the call did not run."""
        if self.code != _REVERT_CODE and not _FAILED.search(self.message):
            return None
        data = _bytes(self.data)
        if data:
            return Reverted(revert_reason(data))
        quoted = _QUOTED.search(self.message)
        if quoted:
            return Reverted(quoted[1])
        if re.search(r"revert|vm exec", self.message, re.I):
            return Reverted(self.message.partition("reverted: ")[2])
        return Reverted(self.message)


def _bytes(data: Any) -> bytes:
    """Find what a contract returned: plain (geth, anvil), after a word (Nethermind), within (Hardhat)."""
    if isinstance(data, dict):
        return _bytes(data.get("data"))
    found = _HEX.search(data) if isinstance(data, str) else None
    return bytes.fromhex(found[1]) if found and len(found[1]) % 2 == 0 else b""
