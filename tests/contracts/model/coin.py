"""The coin: ERC-20."""

from __future__ import annotations

from collections import defaultdict

from model.world import NOBODY, World, require

FOREVER = 2**256 - 1


class Coin:
    def __init__(self, world: World, at: str, minter: str) -> None:
        self.world, self.at, self.minter = world, at, minter
        self.supply = 0
        self.balances: defaultdict[str, int] = defaultdict(int)
        self.allowances: defaultdict[tuple[str, str], int] = defaultdict(int)

    def transfer(self, sender: str, to: str, amount: int) -> None:
        require(to not in (NOBODY, self.at), "coin: receiver")
        require(self.balances[sender] >= amount, "coin: balance")
        self._move(sender, to, amount)

    def transfer_from(self, sender: str, owner: str, to: str, amount: int) -> None:
        allowed = self.allowances[owner, sender]
        require(allowed >= amount, "coin: allowance")
        self.transfer(owner, to, amount)
        if allowed != FOREVER:
            self.allowances[owner, sender] = allowed - amount

    def approve(self, sender: str, spender: str, amount: int) -> None:
        self.allowances[sender, spender] = amount
        self.world.log(self.at, "coin", "Approval", sender, spender, amount)

    def mint(self, sender: str, to: str, amount: int) -> None:
        require(sender == self.minter, "coin: not the minter")
        self.supply += amount
        self.balances[NOBODY] += amount
        self._move(NOBODY, to, amount)

    def burn(self, sender: str, amount: int) -> None:
        require(self.balances[sender] >= amount, "coin: burns more than owned")
        self.supply -= amount
        self._move(sender, NOBODY, amount)
        self.balances[NOBODY] -= amount

    def _move(self, sender: str, to: str, amount: int) -> None:
        self.balances[sender] -= amount
        self.balances[to] += amount
        self.world.log(self.at, "coin", "Transfer", sender, to, amount)
