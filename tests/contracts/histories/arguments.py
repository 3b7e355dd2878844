"""Arguments for any function: what is about in a relay, plausible or hostile."""

from __future__ import annotations

from random import Random
from typing import Any

from model import EMPTY, FUNCTIONS, NOBODY

from derelay.rules.score import UNAVAILABLE
from histories.opinions import Opinions
from histories.pair import Pair
from histories.servers import CONTENT, KEY
from histories.trainers import SALT
from histories.wire import inputs_of

HUGE = 2**256 - 1
LATE = 60
"""Calls back from which arguments are taken."""


class Arguments:
    def __init__(self, pair: Pair, random: Random) -> None:
        self.pair, self.random = pair, random
        self.opinions = Opinions(random, pair.model.terms.parameters)

    def of(self, function: str) -> tuple[Any, ...]:
        """Return arguments of the right types."""
        return tuple(self._of_kind(kind, function) for kind in inputs_of(function))

    def value(self, who: str, function: str) -> int:
        """Return what to send along, mostly where the function takes it."""
        state, registry = self.pair.model.state, self.pair.model.registry
        if not FUNCTIONS[function].payable and self.random.random() < 0.98:
            return 0
        price = state.deposit_of(who) + state.rule.entry_fee
        near = [0, 1, price, price, price + 1, max(price - 1, 0)]
        return self.random.choice([*near, registry.bond, registry.maintainer_bond])

    def address(self) -> str:
        return self.random.choice([*self.pair.stage.everybody, *self.pair.at.values(), NOBODY])

    def coins(self, who: str) -> int:
        """Return an amount near what one has."""
        held = self.pair.model.coin.balances[who]
        return self.random.choice([0, 1, held // 2, held, held, held + 1, HUGE])

    def _of_kind(self, kind: str, function: str) -> Any:
        random, seats = self.random, self.pair.model.state.round.seats
        if kind.endswith("[]"):
            count = random.choice([0, 1, 2, seats, seats + 1, 32, 33])
            return [self._of_kind(kind[:-2], function) for _ in range(count)]
        if kind == "uint256[3]":
            return [self._number(function) for _ in range(3)]
        if kind == "address":
            return self.address()
        if kind == "bytes32":
            return self._word()
        if kind == "bytes":
            return random.choice([KEY, KEY, KEY, b"", KEY[1:], KEY + b"k"])
        if kind == "string":
            return "u" * random.choice([0, 3, 31, 32, 33, 127, 128, 129])
        return self._number(function)

    def _word(self) -> bytes:
        """Return an id, a commitment or a secret, old or new, or something else of 32 bytes."""
        state, random = self.pair.model.state, self.random
        used = [arg for call in self.pair.calls[-LATE:] for arg in call.args if _is_word(arg)]
        other = [EMPTY, CONTENT, SALT, state.head.id, state.round.seed, random.randbytes(32)]
        return random.choice(random.choice([list(state.child_of), other, used or other]))

    def _number(self, function: str) -> int:
        if function == "advance":
            return self.random.choice([0, 1, 2, 256, 257, HUGE])
        if function in ("reveal", "vote"):
            return self.random.choice([0, UNAVAILABLE, 2, 2**128 - 1, 2**128, HUGE, self.opinions.of((0, 0))])
        return self.random.choice([10**18, 2**128, self.coins(self.random.choice(self.pair.stage.people))])


def _is_word(arg: object) -> bool:
    return isinstance(arg, bytes) and len(arg) == 32
