"""What a simulated relay is: its rules, what training comes to, and what things are worth to people."""

from __future__ import annotations

from dataclasses import dataclass, field

from derelay.rules.parameters import DECAY_ONE, OPEN, Parameters
from derelay.sim.oracle import Oracle


@dataclass(frozen=True)
class Economy:
    """What things cost and are worth, all in prices of one version.

    Attributes
    ----------
    version
        Value of each version of the head that one gains, up to the relay's ``versions_cap`` at a time: it is
        what the deposit counts.
    nat
        Value of each nat per case by which the best head that one has improves.
    coin
        Value of one coin.
    training
        Cost of a leg at full effort.
    testing
        Cost of measuring one model.
    interest
        Cost per round of capital that is locked, as a share of it: bonds, deposits, fees.
    gas
        Cost of a million gas.
    """

    version: float = 1.0
    nat: float = 0.0
    coin: float = 1.0
    training: float = 0.1
    testing: float = 0.002
    interest: float = 0.0001
    gas: float = 0.0


@dataclass(frozen=True)
class Setting:
    """A relay to be played.

    Attributes
    ----------
    bonds
        Wei to take part, and to maintain.
    decay
        What a contribution counts for after one more head, in parts of 1e18.
    """

    parameters: Parameters = OPEN
    oracle: Oracle = field(default_factory=lambda: Oracle.of("digits"))
    economy: Economy = Economy()
    bonds: tuple[int, int] = (10**16, 2 * 10**16)
    decay: int = 9 * DECAY_ONE // 10
