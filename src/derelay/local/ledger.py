"""Who earned and spent what, by role, from a relay's events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from derelay.chain.contract import Event
from derelay.local.person import ROLES, Money
from derelay.rules.minting import COIN

_CREDIT_ROLES = {1: "training", 2: "testing", 3: "closing"}
"""By the reason that the accounts contract logs with a credit."""


def incomes(events: Sequence[Event], entry_fee: int) -> dict[str, dict[str, Money]]:
    """Return each participant's income by role: what it earned less what it spent or lost there.

    Bonds count only where they were slashed, gas not at all.

    Parameters
    ----------
    events
        All events of a relay, everyone having withdrawn at the end: royalties count when they are claimed.
    entry_fee
        Wei paid with every entry.
    """
    native: defaultdict[tuple[str, str], int] = defaultdict(int)
    coins: defaultdict[tuple[str, str], int] = defaultdict(int)
    people: set[str] = set()
    for event in events:
        values = event.values
        who: str = values.get("who") or values.get("trainer", "")
        if event.name == "Registered":
            people.add(who)
        elif event.name == "Entered":
            native[who, "training"] -= values["deposit"] + entry_fee
        elif event.name == "Credited":
            native[who, _CREDIT_ROLES[values["reason"]]] += values["native"]
        elif event.name == "Slashed":
            native[who, "testing"] -= values["amount"]
        elif event.name == "RoyaltyEarned":
            native[who, "royalties"] += values["native"]
            coins[who, "royalties"] += values["coins"]
        elif event.name == "Earned":
            coins[who, "serving" if values["by_serving"] else "training"] += values["coins"]
    return {
        who: {role: Money(coins[who, role] / COIN, native[who, role]) for role in ROLES} for who in people
    }


def total(income: dict[str, Money]) -> Money:
    """Add up the roles."""
    return Money(
        sum(money.coins for money in income.values()), sum(money.native for money in income.values())
    )
