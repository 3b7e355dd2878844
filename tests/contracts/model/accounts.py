"""What each participant is owed: `derelay.rules.royalties`, once for native currency and once for coins."""

from __future__ import annotations

from derelay.rules.royalties import TOTAL_FLOOR, Royalties
from model.coin import Coin
from model.world import Refused, World, require


class Accounts:
    def __init__(self, world: World, at: str, coin: Coin, relay: str, decay: int) -> None:
        self.world, self.at, self.coin, self.relay = world, at, coin, relay
        self.native, self.coins = Royalties(decay), Royalties(decay)
        self.touched: set[str] = set()
        self.founded = False
        self.paying = False  # the lock

    # ---- called by the relay's rounds

    def found(self, sender: str, creator: str, weight: int) -> None:
        require(sender == self.relay, "accounts: founded by another")
        require(not self.founded, "accounts: founded already")
        self.founded = True
        self._add(creator, weight)
        self.world.log(self.at, "accounts", "Rewarded", creator, 0, weight)

    def credit(self, sender: str, who: str, reason: int, value: int) -> None:
        self._only_rounds(sender)
        self.native.credits[who] += value
        self.world.log(self.at, "accounts", "Credited", who, value, reason)

    def reward(self, sender: str, who: str, coins: int, weight: int) -> None:
        self._only_rounds(sender)
        self._touch(who)
        if coins > 0:
            self.coin.mint(self.at, self.at, coins)
            self.coins.credits[who] += coins
        self._add(who, weight)
        self.world.log(self.at, "accounts", "Rewarded", who, coins, weight)

    def pay_royalty(self, sender: str, coins: int, value: int) -> int:
        """Return the coins minted; those that nobody can receive are not."""
        self._only_rounds(sender)
        native = value + self.native.unallocated
        self.native.pay(value)
        if self.native.total < TOTAL_FLOOR:
            return 0
        self.coins.pay(coins)
        if coins > 0:
            self.coin.mint(self.at, self.at, coins)
        self.world.log(self.at, "accounts", "RoyaltyPaid", native, coins, self.native.total)
        return coins

    def age(self, sender: str) -> None:
        self._only_rounds(sender)
        self.native.age()
        self.coins.age()

    def pause(self, sender: str, who: str) -> None:
        self._only_rounds(sender)
        if who not in self.native.paused:
            self._touch(who)
            self.native.pause(who)
            self.coins.pause(who)

    def resume(self, sender: str, who: str) -> None:
        self._only_rounds(sender)
        if who in self.native.paused:
            self._touch(who)
            self.native.resume(who)
            self.coins.resume(who)

    # ---- called by participants

    def withdraw(self, sender: str) -> None:
        if self.paying:
            raise Refused("")
        native, coins = self.owed(sender)
        require(native + coins > 0, "accounts: nothing owed")
        self._touch(sender)
        self.native.credits[sender] = self.coins.credits[sender] = 0
        if coins > 0:
            self.coin.transfer(self.at, sender, coins)
        self.world.log(self.at, "accounts", "Withdrawn", sender, native, coins)
        if native > 0:
            self.paying = True
            self.world.pay(self.at, sender, native)
            self.paying = False

    def owed(self, who: str) -> tuple[int, int]:
        return self.native.owed(who), self.coins.owed(who)

    def _only_rounds(self, sender: str) -> None:
        require(sender == self.relay and self.founded, "accounts: not the relay")

    def _add(self, who: str, weight: int) -> None:
        self.touched.add(who)
        self.native.add(who, weight)
        self.coins.add(who, weight)

    def _touch(self, who: str) -> None:
        before = self.native.credits[who], self.coins.credits[who]
        self._add(who, 0)
        native, coins = self.native.credits[who] - before[0], self.coins.credits[who] - before[1]
        if native + coins > 0:
            self.world.log(self.at, "accounts", "RoyaltyEarned", who, native, coins)
