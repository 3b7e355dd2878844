"""A participant and its money."""

from dataclasses import dataclass

ROLES = ("training", "serving", "testing", "closing", "royalties")
"""What a participant can earn by."""


@dataclass(frozen=True)
class Money:
    """Coins and native currency, either negative when spent."""

    coins: float
    native: int


@dataclass(frozen=True)
class Participant:
    """One participant over the whole run.

    Attributes
    ----------
    income
        By role: what it earned less what it spent or lost there; see `ROLES`.
    net
        All of it, without gas, the bond counted as returned.
    entered, admitted
        Rounds that it entered, and those in which it got a place.
    passed, undecided, failed, missing
        Verdicts on its children.
    steps
        Gradient steps that it spent.
    batons
        Keys that it was granted.
    alone
        Accuracy of a model that it trains by itself with as many steps; None if it spent none.
    """

    name: str
    address: str
    strategy: str
    income: dict[str, Money]
    net: Money
    entered: int
    admitted: int
    passed: int
    undecided: int
    failed: int
    missing: int
    steps: int
    batons: int
    alone: float | None

    @property
    def honest(self) -> bool:
        """Whether it plays by the rules."""
        return self.strategy == "honest"
