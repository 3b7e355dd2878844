"""What participants do when it is their turn: as the protocol wants it, or nearly so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

from derelay.rules.commitment import Context
from derelay.rules.phases import Phase
from histories.clockwork import phase_of
from histories.pair import Pair
from histories.servers import Servers
from histories.stage import Call
from histories.testers import Testers
from histories.trainers import Trainers


class Duties:
    """What is due in a relay now.

    Parameters
    ----------
    deviant
        Chance that one does a thing a little differently.
    """

    def __init__(self, pair: Pair, random: Random, deviant: float) -> None:
        self.pair, self.random, self.deviant = pair, random, deviant
        servers, trainers = Servers(self), Trainers(self)
        self.testers = testers = Testers(self)
        self._by_phase: dict[Phase, list[Callable[[], Iterator[Call]]]] = {
            Phase.REST: [servers.serve_owners],
            Phase.ENTER: [trainers.enter],
            Phase.TRAIN: [servers.serve_trainers, trainers.commit],
            Phase.DISCLOSE: [trainers.disclose],
            Phase.SEAL: [servers.serve_testers, servers.serve_anyone, trainers.hand_in],
            Phase.SCORE: [servers.serve_testers, servers.serve_anyone, testers.score],
            Phase.REVEAL: [testers.reveal],
            Phase.POOL: [servers.serve_voters, servers.serve_anyone, testers.vote],
        }

    def due(self) -> list[Call]:
        """Return the calls that the phase waits for, in any order."""
        found = [call for each in self._by_phase.get(phase_of(self.pair.model), []) for call in each()]
        self.random.shuffle(found)
        return found

    def deviates(self) -> bool:
        return self.random.random() < self.deviant

    def context(self, who: str) -> Context:
        """Return what a commitment is bound to: sometimes another chain, relay, round or sender."""
        right: Context = self.pair.model.state.context(who)
        if not self.deviates():
            return right
        other = self.random.choice(self.pair.stage.everybody)
        return self.random.choice(
            [
                Context(right.chain_id + 1, right.relay, right.round, who),
                Context(right.chain_id, self.pair.at["registry"], right.round, who),
                Context(right.chain_id, right.relay, max(right.round - 1, 0), who),
                Context(right.chain_id, right.relay, right.round, other),
            ]
        )
