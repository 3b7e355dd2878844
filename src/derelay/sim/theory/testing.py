"""Lemma 13: what a seat is paid for measuring, and for guessing."""

from __future__ import annotations

from dataclasses import dataclass

from derelay.sim.theory.chances import Chances


@dataclass(frozen=True)
class Skill:
    """How often a seat that measures is on the committee's side of ``g_min``, by the verdict."""

    on_pass: float
    on_fail: float

    @property
    def informedness(self) -> float:
        """Youden's J: 0 for whoever guesses, 1 for whoever is always right."""
        return self.on_pass + self.on_fail - 1


def pay_measuring(chances: Chances, skill: Skill) -> float:
    """Return what a seat that measures is paid on average, in seat fees."""
    return chances.undecided + chances.passed * skill.on_pass + chances.failed * skill.on_fail


def pay_guessing(chances: Chances) -> float:
    """Return what is paid for saying the same of every child, "just above" or "just below" ``g_min``."""
    return chances.undecided + max(chances.passed, chances.failed)


def advantage(chances: Chances, skill: Skill) -> float:
    """Return by how much measuring is paid better: what a measurement may cost, in seat fees."""
    return pay_measuring(chances, skill) - pay_guessing(chances)


def least_failed(undecided: float, skill: Skill, cost: float) -> float:
    """Return the share of failing children, fewer than of passing ones, from which on measuring pays.

    Parameters
    ----------
    cost
        Of a measurement, in seat fees.
    """
    return (cost + (1 - undecided) * (1 - skill.on_pass)) / (1 + skill.on_fail - skill.on_pass)


def rare_advantage(skill: Skill) -> float:
    """Return the same as `advantage` if a verdict is paid in inverse proportion to how often it is given.

    Seats that agree with a verdict have half a fee over the share of children that are given it, and nothing
    for undecided. Every guess then earns half a fee on average.
    """
    return skill.informedness / 2


def closeness_advantage(between: float, within: float) -> float:
    """Return what measuring saves under a pay that falls with the squared distance from the others' mean.

    Parameters
    ----------
    between, within
        Variance of children's true gains, and of a seat's gain about the true one.

    Returns
    -------
    float
        Variance of the posterior mean: to be multiplied by the pay lost per squared nat.
    """
    return between**2 / (between + within)


def canaries_needed(advantage: float, cost: float, slash: float, found: float = 1.0) -> float:
    """Return the share of seats that must be given a child that is known to be bad, for measuring to pay.

    Parameters
    ----------
    advantage
        Of measuring ordinary children, as by `advantage`; negative if guessing is paid better.
    cost, slash
        Of a measurement, and what a seat loses that praises such a child; in seat fees.
    found
        Probability that a seat that measures finds it bad.
    """
    return max(cost - advantage, 0.0) / (found * (1 + slash) - advantage)
