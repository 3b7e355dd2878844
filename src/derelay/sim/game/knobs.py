"""Parameters by name: of the contracts, of the relay's creation, and of the economy."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from itertools import product
from typing import Any

from derelay.rules.parameters import OPEN, ParameterError, Parameters
from derelay.rules.units import NANO, SHARE_ONE
from derelay.sim.game.errors import GameError
from derelay.sim.relay import Economy, Setting

OF_CONTRACTS = tuple(field.name for field in fields(Parameters) if not field.name.startswith("window"))
OF_ECONOMY = tuple(field.name for field in fields(Economy))
KNOBS = (*OF_CONTRACTS, "decay", *OF_ECONOMY)
"""What can be set. Contracts' parameters and decay are whole numbers in the units of the chain."""

UNITS: dict[str, tuple[str, float]] = {
    **dict.fromkeys(("price", "seat_fee", "closing_fee", "slash"), ("default prices", OPEN.price)),
    **dict.fromkeys(("g_min", "g_head", "g_ref", "clip"), ("nats per case", NANO)),
    **dict.fromkeys(
        ("undecided_share", "step", "trim", "vote_trim", "trainers_share", "servers_share"),
        ("%", SHARE_ONE / 100),
    ),
    "training": ("default prices a leg", 1),
    "testing": ("default prices a measurement", 1),
    "version": ("default prices a version", 1),
    "nat": ("default prices a nat per case", 1),
    "coin": ("default prices a coin", 1),
    "interest": ("a round", 1),
    "gas": ("default prices a million", 1),
    "decay": ("a head", 10**18),
}
"""What people read instead of the chain's numbers: a unit, and how many of the chain's it has."""


@dataclass(frozen=True)
class Changes:
    """Some knobs set to values other than the defaults."""

    values: tuple[tuple[str, float], ...] = ()

    def setting(self, base: Setting) -> Setting:
        """Return a relay with these changes.

        Raises
        ------
        GameError
            If it could not work.
        """
        of_contracts: dict[str, Any] = {n: whole(n, value) for n, value in self.values if n in OF_CONTRACTS}
        try:
            parameters = replace(base.parameters, **of_contracts).check()
        except ParameterError as error:
            raise GameError(f"{self}: {error}") from error
        decay = next((whole(name, value) for name, value in self.values if name == "decay"), base.decay)
        return replace(base, parameters=parameters, decay=decay)

    def economy(self, base: Economy) -> Economy:
        """Return an economy with these changes."""
        return replace(base, **{name: value for name, value in self.values if name in OF_ECONOMY})

    def __str__(self) -> str:
        return ", ".join(f"{name} {shown(name, value)}" for name, value in self.values) or "defaults"


def whole(name: str, value: float) -> int:
    """Return a number of the chain's.

    Raises
    ------
    GameError
        If it is none.
    """
    if value < 0 or value != int(value):
        raise GameError(f"{name}={value:g}: give a whole number, as the contracts have it")
    return int(value)


def shown(name: str, value: float) -> str:
    """Return a value as people read it, without its unit."""
    return f"{value / UNITS.get(name, ('', 1))[1]:g}"


def unit(name: str) -> str:
    """Return the unit of what `shown` returns, and the knob's name in words."""
    words = name.replace("_", " ")
    return f"{words} ({UNITS[name][0]})" if name in UNITS else words


def read(texts: Iterable[str]) -> dict[str, tuple[float, ...]]:
    """Read ``name=value`` or ``name=value,value,...``.

    Raises
    ------
    GameError
        If a name is unknown or a value no number.
    """
    values = {}
    for text in texts:
        name, equals, numbers = text.partition("=")
        if name not in KNOBS:
            raise GameError(f"no parameter '{name}': choose from {', '.join(KNOBS)}")
        if not equals:
            raise GameError(f"'{text}' sets nothing: write {name}=VALUE")
        values[name] = tuple(_number(name, number) for number in numbers.split(","))
    return values


def combinations(values: Mapping[str, tuple[float, ...]]) -> Iterator[Changes]:
    """Yield a set of changes for every combination of values; one without changes if there are none."""
    for chosen in product(*values.values()):
        yield Changes(tuple(zip(values, chosen, strict=True)))


def _number(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise GameError(f"{name}={text}: give a number") from error
    if not math.isfinite(value):
        raise GameError(f"{name}={text}: give a number that is not endless")
    return value
