"""When an honest trainer sits out: who has nothing to add waits until the head has moved on (lemma 8)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from derelay.rules.verdict import Verdict

LONGEST = 64
"""Rounds that one sits out at most."""


@dataclass(frozen=True)
class Resting:
    """How long one sits out, from what the chain says of one's own children and of the others'.

    A child of one's own that fails discourages, and each further discouragement doubles the rest. Meanwhile
    the others go on: a round in which none of their children passes discourages as much, one in which some
    do takes that much back. Whoever passes forgets it all.

    Attributes
    ----------
    discouraged
        How often, since one's last pass.
    since
        Round from which the rest counts.
    """

    discouraged: int = 0
    since: int = 0

    def after(self, number: int, mine: Verdict | None, verdicts: Counter[Verdict]) -> Resting:
        """Return what it is after a round.

        Parameters
        ----------
        mine
            Verdict on one's own child, None if one handed in none.
        verdicts
            How often there was each in the round, on whomever's child; the missing say nothing of the head.
        """
        if mine is Verdict.PASS:
            return Resting()
        if mine is Verdict.FAIL:
            return Resting(self.discouraged + 1, number)
        if mine is Verdict.UNDECIDED or not self.discouraged:
            return Resting(self.discouraged, number)
        if verdicts[Verdict.PASS]:
            return Resting(self.discouraged - 1, number)
        if verdicts[Verdict.UNDECIDED] or verdicts[Verdict.FAIL]:
            return Resting(self.discouraged + 1, number)
        return self

    def is_over(self, number: int) -> bool:
        """Return whether to enter round ``number``."""
        if not self.discouraged:
            return True
        return number - self.since > min(1 << (self.discouraged - 1), LONGEST)
