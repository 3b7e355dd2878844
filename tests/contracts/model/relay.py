"""A whole relay: its four contracts, each call to them, and what participants do that are contracts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from derelay.rules.parameters import Parameters
from model.accounts import Accounts
from model.coin import Coin
from model.functions import FUNCTIONS
from model.registry import Registry
from model.rounds import Rounds
from model.state import State
from model.world import Event, Refused, World


@dataclass(frozen=True)
class Terms:
    """What a relay is created with; an origin is chain, address and version of a head of another relay."""

    parameters: Parameters
    bonds: tuple[int, int]
    leave_delay: int
    decay: int
    committee: tuple[str, ...]
    genesis: bytes
    task: tuple[str, bytes]
    origin: tuple[int, str, int] | None = None


class Model:
    """A relay, just created.

    Parameters
    ----------
    at
        Address of each contract.
    ancestor
        The relay of the origin, if it is on this chain.
    """

    def __init__(
        self,
        world: World,
        at: Mapping[str, str],
        creator: str,
        terms: Terms,
        ancestor: Model | None = None,
    ) -> None:
        self.world, self.terms = world, terms
        self.at = dict(at)
        self.coin = Coin(world, at["coin"], at["accounts"])
        self.accounts = Accounts(world, at["accounts"], self.coin, at["rounds"], terms.decay)
        self.registry = Registry(
            world, at["registry"], at["rounds"], terms.bonds, terms.leave_delay, terms.committee
        )
        self.state = State(
            world,
            at["rounds"],
            self.registry,
            self.accounts,
            terms.parameters,
            terms.genesis,
            terms.origin[2] if terms.origin else 0,
            ancestor.state if ancestor else None,
        )
        self.rounds = Rounds(self.state)
        self._functions = self._bind()
        self.rounds.create(creator, terms.task, terms.origin)

    def call(self, sender: str, function: str, args: tuple[Any, ...], value: int = 0) -> list[Event]:
        """Call a contract at the world's time; return what is logged.

        Raises
        ------
        Refused
            Nothing is changed.
        """
        world = self.world
        world.events = []
        self.run(sender, function, args, value)
        return world.events

    def run(self, sender: str, function: str, args: tuple[Any, ...], value: int = 0) -> None:
        """Call a contract within a call."""
        kind = FUNCTIONS[function]
        if (value and not kind.payable) or not kind.fits(args):
            raise Refused("")
        to = self.at[kind.contract]
        paid = (value,) if kind.payable else ()
        self.world.move(sender, to, value)
        try:
            self._functions[function](sender, *args, *paid)
        except Refused:
            self.world.move(to, sender, value)
            raise

    def address_of(self, function: str) -> str:
        """Return the contract that a function is of."""
        return self.at[FUNCTIONS[function].contract]

    def _bind(self) -> dict[str, Callable[..., Any]]:
        named = {"transferFrom": "transfer_from"}
        parts = (
            self.coin,
            self.accounts,
            self.registry,
            self.rounds,
            self.rounds.entries,
            self.rounds.grants,
            self.rounds.children,
            self.rounds.testing,
            self.rounds.election,
        )
        bound: dict[str, Callable[..., Any]] = {}
        for function in FUNCTIONS:
            name = named.get(function, function)
            owner = next(part for part in parts if hasattr(part, name))
            bound[function] = getattr(owner, name)
        return bound
