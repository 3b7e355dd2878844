"""A simulated relay: its contracts, its agents, and the models that their ids stand for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from random import Random
from typing import Any

from eth_typing import ChecksumAddress
from eth_utils.crypto import keccak

from derelay.rules.phases import WINDOWS, Phase
from derelay.rules.units import NANO, SHARE_ONE
from derelay.sim.machine import Machine
from derelay.sim.oracle import Delta, Landscape
from derelay.sim.relay.agent import Agent, Purse
from derelay.sim.relay.contracts import create
from derelay.sim.relay.events import events
from derelay.sim.relay.setting import Setting
from derelay.sim.relay.table import Table
from derelay.sim.strategies.strategy import Strategy

WEALTH = 10**24
"""Wei that everyone begins with: nobody is kept from anything by poverty."""
GENESIS = keccak(b"genesis")
_CREDITS = {2: "testing", 3: "closing"}
_STEPS = 256


class World:
    """One relay and all who take part; the first agent creates it.

    Attributes
    ----------
    table
        The round, as everyone sees it.
    holders
        Who holds each baton of this round and the last, by id.
    recent
        Version of the head that each child of this round and the last was made from, and how it lies to that.
    qualities
        Nats per case that each version of the head has gained over genesis.
    step
        Share of the way to a child at which it is judged.
    calls_made
        Calls that changed something, so far.
    """

    def __init__(self, setting: Setting, strategies: Sequence[Strategy], seed: int) -> None:
        self.setting = setting
        self.step = setting.parameters.step / SHARE_ONE
        self.machine = Machine(seed)
        clip = setting.parameters.clip / NANO
        self.landscape = Landscape(setting.oracle, Random(f"landscape {seed}"), clip)
        accounts = [self.machine.account(WEALTH) for _ in strategies]
        self.contracts = create(self.machine, accounts[0], setting, GENESIS)
        self.rounds = self.contracts.rounds.address
        self.calls = self.contracts.calls
        purses: defaultdict[object, Purse] = defaultdict(Purse)
        self.agents = [
            Agent(self, i, one, accounts[i], purses[_person(one) or i], seed)
            for i, one in enumerate(strategies)
        ]
        self._by_number = {int(agent.address, 16): agent for agent in self.agents}
        self._clerk = self.machine.account()
        self._random = Random(f"turns {seed}")
        self.holders: defaultdict[bytes, set[int]] = defaultdict(set, {GENESIS: {0}})
        self.recent: dict[bytes, tuple[int, Delta]] = {}
        self._moves: list[Delta] = []
        self.qualities = [0.0]
        self.phase = Phase.REST
        self.calls_made = 0
        self.table = Table(0, GENESIS, 0, [self.agents[0]])
        for agent in self.agents:
            self._join(agent)

    def _join(self, agent: Agent) -> None:
        registry, maintains = self.contracts.registry, agent.strategy.maintains
        register = registry.encode("register", keccak(agent.word), f"sim:{agent.index}")
        self.send(agent, register, self.setting.bonds[maintains], registry.address)
        if maintains:
            self.send(agent, registry.encode("maintain"), to=registry.address)

    # ---- calls

    def send(self, agent: Agent, data: bytes, value: int = 0, to: ChecksumAddress | None = None) -> None:
        """Let an agent call a contract, `rounds` unless told otherwise."""
        self.calls_made += 1
        done = self.machine.send(agent.address, to or self.rounds, data, value)
        agent.books.own["gas"] -= self.setting.economy.gas * done.gas / 10**6

    def close(self) -> None:
        """Let the current window pass, and let somebody close it."""
        parameters = self.setting.parameters
        self.machine.advance(max(parameters.window_seconds), max(parameters.window_blocks))
        self._turn(self.calls.close())

    def half(self, phase: Phase) -> None:
        """Let half of a window pass."""
        window, parameters = WINDOWS.index(phase), self.setting.parameters
        self.machine.advance(
            -(-parameters.window_seconds[window] // 2), -(-parameters.window_blocks[window] // 2)
        )

    def advance(self) -> Iterator[tuple[str, dict[str, Any], Agent | None]]:
        """Work off a step; yield what happened, and to whom."""
        self.machine.advance(12, 2)
        phase = self.phase
        while self.phase is phase:
            for name, values in self._turn(self.calls.advance(_STEPS)):
                who = self._by_number.get(
                    values.get("who") or values.get("trainer") or values.get("tester") or 0
                )
                yield name, values, who

    def _turn(self, data: bytes) -> list[tuple[str, dict[str, Any]]]:
        """Let whoever is first do what anyone may, and book what everyone is credited for."""
        closer = next(self.awake(self.shuffled()), None)
        self.calls_made += 1
        done = self.machine.send(self._clerk if closer is None else closer.address, self.rounds, data)
        if closer is not None:
            closer.books.own["gas"] -= self.setting.economy.gas * done.gas / 10**6
        happened = list(events(done.raw))
        for name, values in happened:
            if name == "PhaseChanged":
                self.phase = Phase(values["phase"])
            elif name == "Credited" and (agent := self._by_number.get(values["who"])) is not None:
                agent.books.credit(values["native"], _CREDITS.get(values["reason"]))
        return happened

    def read_versions(self) -> None:
        """Ask the chain for the newest version that each agent was granted, and book what that is worth."""
        economy, most = self.setting.economy, self.setting.parameters.versions_cap
        for agent in self.agents:
            agent.newest = self.contracts.newest(agent.word)
            gained = agent.newest - agent.purse.newest
            if gained > 0:
                better = self.qualities[agent.newest] - self.qualities[agent.purse.newest]
                agent.books.own["versions"] += economy.version * min(gained, most) + economy.nat * better
                agent.purse.newest = agent.newest

    def maintainers(self) -> list[Agent]:
        """Return who maintains, in the order that a draw shuffles."""
        return [self._by_number[number] for number in self.contracts.maintainers()]

    # ---- who acts, and who holds what

    def shuffled(self) -> list[Agent]:
        """Return all agents in a random order: who is first where anyone may act is luck."""
        return self._random.sample(self.agents, len(self.agents))

    def awake(self, agents: Iterable[Agent]) -> Iterator[Agent]:
        """Yield those who do what is due, those who wait for others last; each asked when its turn comes."""
        for agent in sorted(agents, key=lambda agent: agent.strategy.last):
            if agent.strategy.awake(agent, self.table):
                yield agent

    def serving(self, baton: bytes, among: Iterable[Agent]) -> Iterator[Agent]:
        """Yield those who hold a baton and grant its key to others."""
        for agent in self.awake(among):
            if agent.holds(baton) and agent.strategy.serves(agent, self.table):
                yield agent

    def grant(self, granter: Agent, baton: bytes, readers: Sequence[Agent]) -> None:
        """Let a holder grant a baton's key."""
        for start in range(0, len(readers), 32):
            part = readers[start : start + 32]
            self.send(granter, self.calls.grant(baton, [reader.word for reader in part]))
        self.holders[baton] |= {reader.index for reader in readers}

    def from_head(self, id: bytes) -> Delta:
        """Return how a child lies to today's head, though it was made from an earlier one."""
        version, move = self.recent[id]
        for later in self._moves[version:]:
            move = move.plus(later.scaled(-1))
        return move

    def begin(self, number: int) -> None:
        """Lay the table for a round; of children older than the last round nobody speaks any more."""
        last = self.table
        kept = {last.head, *(child.id for child in last.children)}
        self.recent = {id: made for id, made in self.recent.items() if id in kept}
        self.holders = defaultdict(set, {id: who for id, who in self.holders.items() if id in kept})
        self.table = Table(number, last.head, last.version, last.owners)

    def elect(self, version: int, id: bytes, move: Delta) -> None:
        """Let the head move."""
        self.landscape.move(move)
        self._moves.append(move)
        self.qualities.append(self.landscape.quality)
        self.table.head, self.table.version = id, version


def _person(strategy: Strategy) -> object:
    """Return what the names of one person have in common; None for who has one name."""
    coalition = strategy.coalition
    return coalition if coalition is not None and coalition.one_purse else None
