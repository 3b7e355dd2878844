"""All strategies by name, and a cast of agents from a mix of names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from derelay.sim.strategies.colluding import Bribed, Colluder, Withholder
from derelay.sim.strategies.duties import Keeper, Miser, Trainer
from derelay.sim.strategies.free_riders import LowEffort, Noise, OneStep, Poisoner, Returner, Slicer, Taker
from derelay.sim.strategies.grinder import Grinder
from derelay.sim.strategies.guessing import Arbitrary, Lazy, No, VoteCopier, Yes
from derelay.sim.strategies.strategy import Coalition, Honest, Strategy
from derelay.sim.strategies.sybils import Copier, NearCopies, Sybils
from derelay.sim.strategies.unreliable import Flaky, Late, Vanishing

STRATEGIES: dict[str, type[Strategy]] = {
    kind.name: kind
    for kind in (
        Honest,
        Keeper,
        Trainer,
        Taker,
        Returner,
        Noise,
        OneStep,
        LowEffort,
        Slicer,
        Poisoner,
        NearCopies,
        Sybils,
        Copier,
        Lazy,
        Arbitrary,
        Yes,
        No,
        VoteCopier,
        Colluder,
        Bribed,
        Withholder,
        Miser,
        Grinder,
        Flaky,
        Late,
        Vanishing,
    )
}
"""By name."""


class MixError(ValueError):
    """A mix of strategies that cannot be played; the message says which, why and what to do."""


def strategy_named(name: str) -> Strategy:
    """Return the strategy of a name, with its usual settings and without friends.

    Raises
    ------
    MixError
        If there is none.
    """
    if name not in STRATEGIES:
        raise MixError(f"no strategy {name!r}: choose from {', '.join(STRATEGIES)}")
    return STRATEGIES[name]()


def cast(mix: Mapping[str, int]) -> list[Strategy]:
    """Return the agents of a mix: how many play each strategy.

    Those who play one that is played together are one coalition.

    Raises
    ------
    MixError
        If a name is unknown or a number negative.
    """
    agents: list[Strategy] = []
    for name, count in mix.items():
        if count < 0:
            raise MixError(f"{name}={count}: a number of agents cannot be negative")
        strategy = strategy_named(name)
        if strategy.together:
            strategy = replace(strategy, coalition=Coalition(name, strategy.one_person))
        agents += [strategy] * count
    return agents


def read_mix(text: str) -> dict[str, int]:
    """Read ``name=number,name=number``.

    Raises
    ------
    MixError
        If it is something else, or a name comes twice.
    """
    mix: dict[str, int] = {}
    for part in text.split(","):
        name, _, number = (each.strip() for each in part.partition("="))
        if not number.isdecimal():
            raise MixError(f"{part!r} is no part of a mix: write name=number, as in honest=90,taker=10")
        if name in mix:
            raise MixError(f"{name} comes twice in the mix: add the numbers up")
        mix[name] = int(number)
    return mix
