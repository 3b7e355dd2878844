"""What an agent gained and lost, part by part."""

from __future__ import annotations

from collections import defaultdict

WEI = ("entering", "forfeits", "testing", "closing", "royalties", "slashes")
"""Parts in native currency: entry fees paid, deposits lost, fees of tests and votes, of closings, ..."""
COINS = ("trained", "served", "royalty_coins")
"""Parts in coins, by what they were minted for."""
OWN = ("versions", "training", "measuring", "interest", "gas")
"""Parts that the chain does not see, in prices of one version."""
PARTS = (*OWN[:1], *COINS, *WEI, *OWN[1:])
"""All parts of a utility."""


class Books:
    """An agent's gains and losses (negative): wei and 1e-18 coins from the chain, the rest in prices."""

    def __init__(self) -> None:
        self.wei: defaultdict[str, int] = defaultdict(int)
        self.coins: defaultdict[str, int] = defaultdict(int)
        self.own: defaultdict[str, float] = defaultdict(float)
        self.credited = 0

    def credit(self, wei: int, part: str | None) -> None:
        """Book a credit; deposits and fees that come back belong to no part."""
        self.credited += wei
        if part is not None:
            self.wei[part] += wei

    def spend(self, part: str, prices: float) -> None:
        """Book a cost that the chain does not see."""
        self.own[part] -= prices

    def utility(self, price: int, coin: float) -> dict[str, float]:
        """Return all parts in prices, ``coin`` being what one coin is worth."""
        parts = dict.fromkeys(PARTS, 0.0)
        parts |= {part: wei / price for part, wei in self.wei.items()}
        parts |= {part: coin * coins / 10**18 for part, coins in self.coins.items()}
        return parts | self.own
