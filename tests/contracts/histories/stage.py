"""The chain on which both a relay and its model run, and everybody on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from eth_typing import ChecksumAddress
from eth_utils import keccak
from harness import Machine
from harness.code import Deployed
from harness.words import encode
from model import NOBODY, Event, Model, Refused, World

from histories.wire import call_data

if TYPE_CHECKING:
    from histories.pair import Pair

WEALTH = 6 * 10**30
"""Wei of each: all money together stays below 10**32, as on any chain."""
_MOST_DATA = 1024
"""Bytes of a call that an intruder can make."""
_ACT, _ARM = (keccak(text=f"{name}(address,bytes)")[:4] for name in ("act", "arm"))
_CALL = ("address", "bytes")


class Call(NamedTuple):
    """A call that someone makes."""

    who: str
    function: str
    args: tuple[Any, ...] = ()
    value: int = 0


class Intruder:
    """A participant that is a contract, and calls back whenever it is paid."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.hand = machine.account(WEALTH)  # who sends its transactions
        self.contract = Deployed(machine, "intruder")
        self.address = self.contract.address
        self.armed: tuple[Model, Call] | None = None
        self.attempts = self.successes = 0

    def predict(self, model: Model, call: Call, data: bytes) -> list[Event]:
        if len(data) > _MOST_DATA:
            raise Refused("")
        model.world.move(self.hand, self.address, call.value)
        try:
            return model.call(*call)
        except Refused:
            model.world.move(self.address, self.hand, call.value)
            raise

    def perform(self, call: Call, to: str, data: bytes) -> None:
        self.machine.run(self.hand, self.address, _ACT + encode(_CALL, (to, data)), call.value)

    def arm(self, model: Model, call: Call) -> None:
        """Choose what it calls when it is paid, unless that is too long for it."""
        data = call_data(call.function, call.args)
        if len(data) <= _MOST_DATA:
            to = model.address_of(call.function)
            self.machine.run(self.hand, self.address, _ARM + encode(_CALL, (to, data)))
            self.armed = model, call._replace(who=self.address, value=0)

    def disarm(self) -> None:
        self.machine.run(self.hand, self.address, _ARM + encode(_CALL, (NOBODY, b"")))
        self.armed = None

    def receive(self) -> None:
        """Do in the model what the contract does when it is paid."""
        if self.armed is None:
            return
        model, call = self.armed
        self.attempts += 1
        try:
            model.run(*call)
        except Refused:
            return
        self.successes += 1

    def compare(self) -> None:
        said = self.contract.read("attempts"), self.contract.read("successes")
        assert said == (self.attempts, self.successes), "an intruder got further than the model says, or less"


class Stage:
    """A chain with its people; `people` may take part, the first of them creates a relay."""

    def __init__(self, accounts: int, intruders: int) -> None:
        self.machine = Machine()
        self.world = World(self.machine.chain_id, self.machine.block_hash)
        self.intruders = {each.address: each for each in (Intruder(self.machine) for _ in range(intruders))}
        self.people = [*(self.machine.account(WEALTH) for _ in range(accounts)), *self.intruders]
        self.stranger = self.machine.account(WEALTH)
        self.everybody: list[ChecksumAddress] = [*self.people, self.stranger]
        self.pairs: list[Pair] = []  # relays
        self._census = Deployed(self.machine, "census")
        for each in self.intruders.values():
            self.world.receivers[each.address] = each.receive
            self.world.balances[each.hand] = WEALTH
        for who in self.everybody:
            self.world.balances[who] = self.machine.balance(who)
        self.pass_time(0, 0)

    def pass_time(self, seconds: int, blocks: int) -> None:
        self.machine.advance(seconds, blocks)
        self.world.time, self.world.height = self.machine.timestamp(), self.machine.height()

    def force(self, to: str, amount: int) -> None:
        """Give a contract money that nobody asked for."""
        self.machine.force(to, amount)  # type: ignore[arg-type]
        self.world.balances[to] += amount

    def can_afford(self, call: Call) -> bool:
        """Whether the sender has what it would send along: otherwise there is no such transaction."""
        intruder = self.intruders.get(call.who)
        return call.value <= self.world.balances[intruder.hand if intruder else call.who]

    def predict(self, model: Model, call: Call, data: bytes) -> list[Event]:
        """Make a call in the model; return the events. Raises Refused."""
        intruder = self.intruders.get(call.who)
        return intruder.predict(model, call, data) if intruder else model.call(*call)

    def perform(self, call: Call, to: str, data: bytes) -> bytes | None:
        """Make a call on chain; return its output, None where an intruder keeps that. Raises Reverted."""
        intruder = self.intruders.get(call.who)
        if intruder is None:
            return self.machine.run(call.who, to, data, call.value)  # type: ignore[arg-type]
        intruder.perform(call, to, data)
        return None

    def census_data(self, at: Sequence[str]) -> bytes:
        """Return the call data of a census of a relay: census.vy."""
        return self._census.encode("take", *at, self.everybody)

    def census(self, data: bytes) -> bytes:
        return self.machine.call(self._census.address, data)
