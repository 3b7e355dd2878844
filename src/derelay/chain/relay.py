"""A relay on chain: its four contracts behind one typed client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from eth_typing import ChecksumAddress

from derelay.chain.chain import Chain, UnreadableError
from derelay.chain.genuine import contracts_of
from derelay.chain.history import History
from derelay.chain.origin import Origin
from derelay.chain.remembering import RememberingContract
from derelay.chain.view import Card, Child, Entry, Head, Round, View
from derelay.rules.commitment import Context
from derelay.rules.parameters import MAX_ENTRIES, Parameters
from derelay.rules.phases import WINDOWS, Phase

T = TypeVar("T")

PAGE = 32
"""Items of one page of a list, as in the contract."""
_CHANGES = {
    "entries_of": (Phase.ENTER, Phase.ADMIT, Phase.TRAIN, Phase.DISCLOSE),
    "children_of": (Phase.TRAIN, Phase.SEAL, Phase.JUDGE),
    "deck_of": (Phase.DRAW, Phase.SCORE, Phase.REVEAL, Phase.POOL),
}
"""The phases in which each list of a round changes."""


@dataclass(frozen=True)
class Member:
    """A participant as registered; ``place`` counts from one, zero for who does not maintain."""

    key: bytes
    url: str
    bond: int
    place: int
    leaves_at: int

    @property
    def is_registered(self) -> bool:
        """Whether there is such a participant, not about to leave."""
        return any(self.key) and self.leaves_at == 0


class Relay:
    """Reads a relay. What it read at a block is kept until the next, so many nodes may share one.

    Parameters
    ----------
    rounds
        Address of the relay's rounds contract, which names the others.

    Raises
    ------
    ChainError
        If there is no relay of this protocol version, or one whose contracts are not ours (`contracts_of`).
    """

    def __init__(self, chain: Chain, rounds: ChecksumAddress, from_block: int = 0) -> None:
        self.chain = chain
        contract, registry, self.accounts, self.coin = contracts_of(chain, rounds)
        self.history = History(chain, (contract, registry, self.accounts, self.coin), from_block)
        self.rounds = RememberingContract(contract, self.history)
        self.registry = RememberingContract(registry, self.history)
        self.parameters = Parameters.from_tuple(self.rounds.read("settings"))
        self.bond: int = self.registry.read("BOND")
        self.maintainer_bond: int = self.registry.read("MAINTAINER_BOND")
        self.origin = Origin.from_tuple(self.rounds.read("origin"))
        self.genesis: bytes = self.rounds.read("head_of", self.origin.version if self.origin else 0)
        self.task_name: str = self.rounds.read("task_name")
        self.task_hash: bytes = self.rounds.read("task_hash")
        self._view: View | None = None
        self._newest = b""
        self._lists: dict[str, tuple[tuple[int, Phase, int], tuple[Any, ...]]] = {}

    def view(self) -> View:
        """Return the relay as of the newest block."""
        height = self.chain.height()
        newest = self.chain.block_hash(height)
        if self._view is None or self._newest != newest:
            self._view, self._newest = self._read(height), newest
        return self._view

    def _read(self, height: int) -> View:
        state, head, owners, pool = self._current()
        number, phase, *rest = state
        view = View(
            height=height,
            now=self.chain.timestamp(),
            parameters=self.parameters,
            round=Round(number, Phase(phase), *rest),
            head=Head(*head),
            owners=owners,
            pool=tuple(pool),
            entries=self._list("entries_of", Entry, number, Phase(phase)),
            children=self._list("children_of", Child, number, Phase(phase)),
            deck=self._list("deck_of", Card, number, Phase(phase)),
        )
        contradiction = view.contradiction()
        if contradiction is not None:
            raise self._unreadable(contradiction)
        return view

    def _current(self) -> Any:
        current = self.rounds.read("current")
        if current[0][1] not in WINDOWS:
            current = self.rounds.read_now("current")  # the cursor of a step moves without an event
        if current[0][1] not in {*Phase}:
            raise self._unreadable(f"there is no phase {current[0][1]}")
        return current

    def _unreadable(self, reason: str) -> UnreadableError:
        self.rounds.forget()
        self._lists.clear()
        return UnreadableError(
            f"relay {self.rounds.address} in block {self.chain.height()}: {reason}; no relay is like that: "
            "name another endpoint"
        )

    def _list(self, function: str, kind: Callable[..., T], number: int, phase: Phase) -> tuple[T, ...]:
        """Return a list of the current round, read anew only in phases in which it changes."""
        changes = self.history.count(self.rounds.address)
        if phase not in _CHANGES[function]:
            changes = self.history.rewinds
        state = (number, phase, changes)
        if self._lists.get(function, (None, ()))[0] != state:
            self._lists[function] = state, tuple(kind(*item) for item in self._pages(function, number))
        return self._lists[function][1]

    def _pages(self, function: str, number: int) -> Iterator[tuple[Any, ...]]:
        for start in range(0, MAX_ENTRIES + PAGE, PAGE):
            page = self.rounds.read_now(function, number, start)
            yield from page
            if len(page) < PAGE:
                return
        raise self._unreadable(f"{function} has no end")

    def entries(self, number: int) -> tuple[Entry, ...]:
        """Return the entries of any round."""
        return tuple(Entry(*entry) for entry in self._pages("entries_of", number))

    def member(self, who: ChecksumAddress) -> Member:
        """Return what a participant has registered."""
        return Member(*self.registry.read("member", who))

    def price_of(self, who: ChecksumAddress) -> tuple[int, int]:
        """Return the deposit and the testing fee with which ``who`` may enter, in wei."""
        deposit, fee = self.rounds.read("price_of", who)
        return deposit, fee

    def holds(self, baton: bytes, who: ChecksumAddress) -> bool:
        """Return whether ``who`` was granted a baton, or made it."""
        return bool(self.rounds.read("holds", baton, who))

    def owed(self, who: ChecksumAddress) -> tuple[int, int]:
        """Return the wei and the coins (1e18 for one) that ``who`` may withdraw."""
        native, coins = self.accounts.read("owed", who)
        return native, coins

    def context(self, number: int, who: ChecksumAddress) -> Context:
        """Return what the commitments of ``who`` in a round are bound to."""
        return Context(self.chain.chain_id, self.rounds.address, number, who)
