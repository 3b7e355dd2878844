"""A relay of real nodes in one process: deployed contracts, real legs, real stores; time passes at will."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch

from derelay.chain.view import View
from derelay.learn.split import split
from derelay.learn.task import Task
from derelay.local.cast import assemble
from derelay.local.clock import pass_time
from derelay.local.measured import MeasuredChain
from derelay.local.relay import MOST_IDLE
from derelay.node.participant import Participant
from derelay.node.stopwatch import Stopwatch
from derelay.node.strategy import Strategy
from derelay.rules.parameters import OPEN, Parameters
from derelay.rules.phases import Phase
from faults.case import BrokenError
from faults.strategies.cast import ONE_PERSON, strategy_for
from faults.strategies.player import Party

ALPHA = 1.0
"""How unevenly the data are shared out (`derelay.learn.split.split`)."""


class Stage:
    """A relay of so many people; its creator is the first of them.

    Parameters
    ----------
    folder
        Gets a folder for each node.
    """

    def __init__(self, folder: Path, task: Task, people: int, seed: int, rules: Parameters = OPEN) -> None:
        self.task = task
        cases, self.test = task.cases()
        shares = split(cases, people, ALPHA, torch.Generator().manual_seed(seed))
        self.chain = MeasuredChain(seed, Stopwatch())
        cast = assemble(self.chain, task, shares, (), rules, seed, folder, Stopwatch())
        self.relay, self.nodes = cast.relay, cast.nodes
        self.rounds: dict[int, View] = {}
        """Each as it was last seen before it was over."""

    @property
    def people(self) -> list[Participant]:
        """All who take part, in order."""
        return [node.me for node in self.nodes]

    @property
    def honest(self) -> list[Participant]:
        """Who plays by the rules."""
        return [me for me in self.people if me.strategy.honest]

    @property
    def truthful(self) -> list[Participant]:
        """Who says as a tester what it measures."""
        return [me for me in self.people if type(me.strategy).scores is Strategy.scores]

    def engage(self, name: str, places: Sequence[int]) -> list[Participant]:
        """Let those at some places play a strategy together, and return them."""
        members = [self.nodes[place].me for place in places]
        party = Party.of(members)
        for member in members:
            member.strategy = strategy_for(name, member, party)
            if name in ONE_PERSON:
                member.share = members[0].share
        return members

    def play(self, rounds: int) -> None:
        """Let all act until so many rounds are over, then withdraw.

        Raises
        ------
        BrokenError
            If the relay stands still.
        """
        idle = 0
        while not ((view := self.relay.view()).phase is Phase.REST and view.round.number >= rounds):
            if view.phase is not Phase.REST:
                self.rounds[view.round.number] = view
            if any([node.step() for node in self.nodes]):
                idle = 0
                self.chain.mine()
            else:
                idle += 1
                pass_time(self.chain, view)
            if idle > MOST_IDLE:
                raise BrokenError(f"round {view.round.number} stands still in {view.phase.name}")
        if any([node.withdraw() for node in self.nodes]):
            self.chain.mine()

    def accuracy(self, version: int) -> float | None:
        """Return that of a head on the public test cases; None if nobody can open it."""
        head = self.relay.rounds.read("head_of", version)
        baton = next((baton for me in self.people if (baton := me.baton(head)) is not None), None)
        if baton is None:
            return None
        model = self.task.model()
        model.load_state_dict(baton.tensors)
        return self.task.metrics(model, self.test)["accuracy"]
