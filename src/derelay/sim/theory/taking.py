"""Lemmas 2 and 3: what it costs to have the weights and hand in nothing better."""

from __future__ import annotations

from derelay.rules.fees import slashed
from derelay.rules.parameters import OPEN, Parameters
from derelay.sim.theory.chances import Chances


def deposit(gap: int, rules: Parameters = OPEN) -> int:
    """Return the deposit of who lacks the last ``gap`` versions of the head, in prices."""
    return min(gap + 1, rules.versions_cap)


def fee(rules: Parameters = OPEN) -> float:
    """Return the fee of an entry, in prices."""
    return rules.entry_fee / rules.price


def taking_pays_from(gap: int, rules: Parameters = OPEN) -> float:
    """Return the value of one version, in prices, above which taking ``gap`` versions pays (lemma 2)."""
    return (deposit(gap, rules) + fee(rules)) / gap


def returning_pays_from(gap: int, chances: Chances, rules: Parameters = OPEN) -> float:
    """Return the same for who hands in something that is judged with these chances (lemma 6)."""
    return (deposit(gap, rules) * chances.lost(rules) + fee(rules)) / gap


def silence_pays_from(gap: int, rules: Parameters = OPEN) -> float:
    """Return the same for a tester that is granted the head and then stays silent (lemma 3)."""
    return slashed(rules.slash, rules.price, gap, rules.versions_cap) / rules.price / gap
