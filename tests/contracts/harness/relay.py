"""A relay's four contracts in a machine, and what its participants do with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

import rlp
from eth_abi import encode
from eth_typing import ChecksumAddress
from eth_utils import keccak, to_canonical_address, to_checksum_address
from eth_utils.abi import get_abi_input_types

from derelay.chain.contract import Contract, Event
from derelay.chain.origin import FROM_SCRATCH
from derelay.chain.view import Card, Child, Entry, Head
from derelay.chain.view import Round as State
from derelay.contracts import NAMES, Artifact, artifact
from derelay.rules.commitment import Context
from derelay.rules.parameters import OPEN, Parameters
from derelay.rules.phases import Phase
from harness.books import Books
from harness.machine import Machine

GENESIS = keccak(b"genesis")
BOND = 10**16
MAINTAINER_BOND = 2 * 10**16
LEAVE_DELAY = 3600
PAGE = 32
DECAY = 9 * 10**17
QUICK = replace(OPEN, window_seconds=(10,) * 8, window_blocks=(2,) * 8)
"""The open preset with short windows."""


class Relay:
    """A relay, just created.

    Parameters
    ----------
    artifacts
        What to create it of, by name; the committed artifacts unless told otherwise.
    audited
        Whether every call is followed by an audit of the books: no wei and no coin may appear or vanish.
    """

    def __init__(
        self,
        parameters: Parameters = QUICK,
        *,
        machine: Machine | None = None,
        bonds: tuple[int, int] = (BOND, MAINTAINER_BOND),
        leave_delay: int = LEAVE_DELAY,
        decay: int = DECAY,
        committee: Sequence[ChecksumAddress] = (),
        audited: bool = True,
        genesis: bytes = GENESIS,
        origin: tuple[Any, ...] = FROM_SCRATCH,
        creator: ChecksumAddress | None = None,
        artifacts: Mapping[str, Artifact] | None = None,
    ) -> None:
        self.machine = machine or Machine()
        self.parameters = parameters
        self.creator = creator or self.machine.account()
        codes = artifacts or {name: artifact(name) for name in NAMES}
        first = self.machine.nonce(self.creator)
        at = {name: _created_by(self.creator, first + i) for i, name in enumerate(NAMES)}
        arguments: dict[str, tuple[Any, ...]] = {
            "coin": ("Relay coin", "RELAY", at["accounts"]),
            "accounts": (at["rounds"], at["coin"], decay),
            "registry": (at["rounds"], *bonds, leave_delay, list(committee)),
            "rounds": (
                at["registry"],
                at["accounts"],
                parameters.as_tuple(),
                "task",
                bytes(32),
                genesis,
                origin,
            ),
        }
        for name in NAMES:
            code = codes[name].bytecode + encode(_constructor(name), arguments[name])
            assert self.machine.deploy(self.creator, code) == at[name]
        contracts = [Contract(self.machine, at[name], name) for name in NAMES]  # type: ignore[arg-type]
        self.coin, self.accounts, self.registry, self.rounds = contracts
        self.bonds = bonds
        self.people: list[ChecksumAddress] = [self.creator]
        self.events: list[Event] = []
        self.gas: dict[str, list[int]] = {}
        self.books = Books(self) if audited else None

    # ---- calls

    def send(
        self, who: ChecksumAddress, function: str, *args: Any, value: int = 0, to: Contract | None = None
    ) -> list[Event]:
        """Let `who` call a contract, `rounds` unless told otherwise; return the events."""
        contract = to or self.rounds
        done = self.machine.send(who, contract.address, contract.encode(function, *args), value)
        events = [event for log in done.logs if (event := self._event(log)) is not None]
        self.events += events
        self.gas.setdefault(function, []).append(done.gas)
        if self.books is not None:
            self.books.take(events)
            self.books.audit()
        return events

    def _event(self, log: Any) -> Event | None:
        contracts = (self.coin, self.accounts, self.registry, self.rounds)
        return next((event for each in contracts if (event := each.event(log)) is not None), None)

    def join(self, maintains: bool = False) -> ChecksumAddress:
        """Register a new participant."""
        who = self.machine.account()
        self.people.append(who)
        self.send(who, "register", keccak(b"key"), "url", value=self.bonds[maintains], to=self.registry)
        if maintains:
            self.send(who, "maintain", to=self.registry)
        return who

    def enter(self, who: ChecksumAddress, secret: bytes) -> list[Event]:
        """Enter the round at the price asked."""
        deposit, fee = self.price_of(who)
        return self.send(who, "enter", self.context(who).to_secret(secret), value=deposit + fee)

    def close(self, who: ChecksumAddress | None = None) -> list[Event]:
        """Let the current window pass and close it."""
        self.machine.advance(max(self.parameters.window_seconds), max(self.parameters.window_blocks))
        return self.send(who or self.creator, "close")

    def advance(self, steps: int = 256, who: ChecksumAddress | None = None) -> None:
        """Work off the current step, `steps` items a call."""
        self.machine.advance(12, 2)
        phase = self.phase
        while self.phase == phase:
            self.send(who or self.creator, "advance", steps)

    # ---- what the contracts say

    def _current(self) -> tuple[State, Head, tuple[ChecksumAddress, ...], tuple[int, ...]]:
        (number, phase, *rest), head, owners, pool = self.rounds.read("current")
        return State(number, Phase(phase), *rest), Head(*head), owners, pool

    @property
    def round(self) -> State:
        return self._current()[0]

    @property
    def phase(self) -> Phase:
        return self.round.phase

    @property
    def head(self) -> Head:
        return self._current()[1]

    @property
    def owners(self) -> tuple[ChecksumAddress, ...]:
        return self._current()[2]

    @property
    def pool(self) -> tuple[int, ...]:
        return self._current()[3]

    def entries(self) -> list[Entry]:
        return [Entry(*entry) for entry in self._list("entries_of")]

    def children(self) -> list[Child]:
        return [Child(*child) for child in self._list("children_of")]

    def deck(self) -> list[Card]:
        return [Card(*card) for card in self._list("deck_of")]

    def _list(self, function: str) -> Iterator[tuple[Any, ...]]:
        number = self.round.number
        for start in count(step=PAGE):
            page = self.rounds.read(function, number, start)
            yield from page
            if len(page) < PAGE:
                return

    def price_of(self, who: ChecksumAddress) -> tuple[int, int]:
        deposit, fee = self.rounds.read("price_of", who)
        return deposit, fee

    def owed(self, who: ChecksumAddress) -> tuple[int, int]:
        native, coins = self.accounts.read("owed", who)
        return native, coins

    def context(self, who: ChecksumAddress, number: int | None = None) -> Context:
        """Return what commitments of `who` are bound to, in this round unless told otherwise."""
        number = self.round.number if number is None else number
        return Context(self.machine.chain_id, self.rounds.address, number, who)


def relay_of(
    trainers: int, testers: int, parameters: Parameters = QUICK
) -> tuple[Relay, list[ChecksumAddress], list[ChecksumAddress]]:
    """Return a relay with its trainers and its maintainers."""
    relay = Relay(parameters)
    return (
        relay,
        [relay.join() for _ in range(trainers)],
        [relay.join(maintains=True) for _ in range(testers)],
    )


def _created_by(creator: ChecksumAddress, nonce: int) -> ChecksumAddress:
    return to_checksum_address(keccak(rlp.encode([to_canonical_address(creator), nonce]))[12:])


def _constructor(name: str) -> list[str]:
    return next(get_abi_input_types(e) for e in artifact(name).abi if e["type"] == "constructor")  # type: ignore[arg-type]
