"""What anyone may try at any time: whatever it wishes, any call, and again what somebody did."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from eth_utils import keccak
from model import EMPTY, FUNCTIONS

from derelay.rules.phases import Phase
from histories.arguments import Arguments
from histories.clockwork import phase_of
from histories.pair import Pair
from histories.stage import Call

OWN = {
    Phase.ENTER: "enter",
    Phase.ADMIT: "advance",
    Phase.TRAIN: "commit",
    Phase.DISCLOSE: "disclose",
    Phase.SEAL: "hand_in",
    Phase.SCORE: "score",
    Phase.REVEAL: "reveal",
    Phase.POOL: "vote",
}
STAYING = ("move", "rotate_key", "maintain", "raise_bond", "leave")
"""What only those may call who have not left."""
LATELY = 12
"""Calls back."""


class Meddling:
    """What may be tried in the last of the relays."""

    def __init__(self, pairs: Sequence[Pair], random: Random) -> None:
        self.pairs, self.pair, self.random = pairs, pairs[-1], random
        self.arguments = Arguments(self.pair, random)

    def any(self) -> Call:
        """Return any call, a wish, or one that was made before."""
        return self.random.choice(
            [self.anything, self.timely, self.again, self.lately, self.wish, self.wish]
        )()

    def anything(self) -> Call:
        """Return a call of any function with any arguments."""
        return self.call(self.random.choice(self.pair.stage.everybody), self.random.choice(list(FUNCTIONS)))

    def timely(self) -> Call:
        """Return a call that the phase waits for, by anyone and with any arguments."""
        function = OWN.get(phase_of(self.pair.model), "close")
        return self.call(self.random.choice(self.pair.stage.everybody), function)

    def again(self) -> Call:
        """Return any call that was made before, here or in the relay before, by the same or by another."""
        return self._again(self.random.choice(self.pairs).calls)

    def lately(self) -> Call:
        return self._again(self.pair.calls[-LATELY:])

    def wish(self) -> Call:
        """Return what a participant may want at any time: to join, to move, to be paid, to leave."""
        random, registry, coin = self.random, self.pair.model.registry, self.pair.model.coin
        rich = [who for who in self.pair.stage.everybody if coin.balances[who]]
        if rich and random.random() < 0.3:
            return self.use_coins(random.choice(rich))
        who = random.choice(self.pair.stage.people)
        member = registry.members[who]
        if member.leaves_at:
            return random.choice([Call(who, "take_bond"), self.call(who, random.choice(STAYING))])
        if member.key == EMPTY:
            bond = random.choice([registry.bond, registry.maintainer_bond])
            usual = Call(who, "register", (keccak(text=who), "url"), bond)
            return random.choice([usual, self.call(who, "register")])
        wishes = [self.call(who, each) for each in ("move", "rotate_key", "ask", "leave", "transfer")]
        wishes += [self.call(who, "retire" if member.place else "maintain")] * 2
        wishes += [Call(who, "withdraw")] * 2 + [Call(who, "raise_bond", (), registry.maintainer_bond)]
        return random.choice(wishes)

    def use_coins(self, owner: str) -> Call:
        """Return a call with which one uses its coins, or somebody else does who is allowed to."""
        random, arguments = self.random, self.arguments
        coins, to = arguments.coins(owner), random.choice([owner, arguments.address(), arguments.address()])
        calls = [
            Call(owner, "transfer", (to, coins)),
            Call(owner, "burn", (coins,)),
            Call(owner, "approve", (random.choice(self.pair.stage.everybody), coins)),
        ]
        calls += [
            Call(spender, "transferFrom", (owner, to, coins))
            for (who, spender), allowed in self.pair.model.coin.allowances.items()
            if who == owner and allowed and spender in self.pair.stage.everybody
        ]
        return random.choice(calls)

    def _again(self, calls: Sequence[Call]) -> Call:
        call = self.random.choice(calls)
        who = call.who if self.random.random() < 0.5 else self.random.choice(self.pair.stage.everybody)
        return call._replace(who=who)

    def call(self, who: str, function: str) -> Call:
        """Return a call of a function with any arguments."""
        return Call(who, function, self.arguments.of(function), self.arguments.value(who, function))
