"""What can be called: which contract has it, whether it takes money, how long its arguments may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

LIST, SEALED, URL = 32, 80, 128


@dataclass(frozen=True)
class Function:
    """Limits are by argument: the longest, and the longest of its items."""

    contract: str
    payable: bool = False
    limits: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def fits(self, args: Sequence[Any]) -> bool:
        """Whether the contract decodes these arguments."""
        for i, (most, *inner) in self.limits.items():
            if len(args[i]) > most or any(len(item) > inner[0] for item in args[i] if inner):
                return False
        return True


FUNCTIONS = {
    "transfer": Function("coin"),
    "transferFrom": Function("coin"),
    "approve": Function("coin"),
    "mint": Function("coin"),
    "burn": Function("coin"),
    "found": Function("accounts"),
    "credit": Function("accounts", payable=True),
    "reward": Function("accounts"),
    "pay_royalty": Function("accounts", payable=True),
    "age": Function("accounts"),
    "pause": Function("accounts"),
    "resume": Function("accounts"),
    "withdraw": Function("accounts"),
    "register": Function("registry", payable=True, limits={1: (URL,)}),
    "raise_bond": Function("registry", payable=True),
    "rotate_key": Function("registry"),
    "move": Function("registry", limits={0: (URL,)}),
    "maintain": Function("registry"),
    "retire": Function("registry"),
    "leave": Function("registry"),
    "take_bond": Function("registry"),
    "slash": Function("registry"),
    "close": Function("rounds"),
    "advance": Function("rounds"),
    "enter": Function("rounds", payable=True),
    "grant": Function("rounds", limits={2: (LIST,), 3: (LIST, SEALED)}),
    "ask": Function("rounds"),
    "commit": Function("rounds"),
    "disclose": Function("rounds"),
    "hand_in": Function("rounds", limits={3: (LIST, SEALED)}),
    "score": Function("rounds"),
    "reveal": Function("rounds", limits={0: (LIST,)}),
    "vote": Function("rounds"),
    "receive": Function("rounds", payable=True),
}
"""By name, which is of one contract only."""
