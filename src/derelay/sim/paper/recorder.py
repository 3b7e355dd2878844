"""Taking down what a run leaves, round by round."""

from __future__ import annotations

import numpy as np

from derelay.sim.paper.arrays import Floats
from derelay.sim.paper.inequality import gini
from derelay.sim.paper.moments import milestones, samples
from derelay.sim.paper.parameters import Parameters
from derelay.sim.paper.relay import Relay
from derelay.sim.paper.result import Rounds, Run, Spread
from derelay.sim.paper.versions import LABELS, holders

PERCENTILES = (0, 5, 50, 95, 100)
MOST_TRACES = 256


class Recorder:
    """Room for a run of the given length, filled by `note` after each round."""

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters
        rounds, participants = parameters.rounds, parameters.participants
        trained, selected, latest = np.zeros((3, rounds), dtype=np.intp)
        total, genesis, least, most = np.zeros((4, rounds))
        bins = np.zeros((rounds, len(LABELS)), dtype=np.intp)
        self._rounds = Rounds(trained, selected, latest, total, genesis, least, most, bins)
        looked_at = np.array(samples(rounds))
        people = np.unique(np.linspace(0, participants - 1, MOST_TRACES).astype(np.intp))
        self._spread = Spread(
            looked_at,
            np.zeros(len(looked_at)),
            np.zeros((len(looked_at), len(PERCENTILES))),
            people,
            np.zeros((len(looked_at), len(people))),
        )
        self._milestones = set(milestones(rounds))
        self._coins: dict[int, Floats] = {}

    def note(self, relay: Relay, trained: int, selected: int) -> None:
        """Take down the state at the end of a round, and how many children it had and kept."""
        table, coins, row = self._rounds, relay.coins, relay.round - 1
        table.trained[row], table.selected[row] = trained, selected
        table.latest[row] = relay.held.max()
        table.total[row] = np.add.accumulate(coins)[-1]  # one by one, as the authors' sum
        table.genesis[row], table.least[row], table.most[row] = coins[0], coins.min(), coins.max()
        table.holders[row] = holders(relay.held)
        if relay.round in self._milestones:
            self._coins[relay.round] = coins.copy()
        place = int(np.searchsorted(self._spread.rounds, relay.round))
        if self._spread.rounds[place] == relay.round:
            self._look(place, coins)

    def _look(self, place: int, coins: Floats) -> None:
        ascending = np.sort(coins)
        self._spread.gini[place] = gini(ascending)
        last = len(ascending) - 1
        self._spread.quantiles[place] = [ascending[round(last * each / 100)] for each in PERCENTILES]
        self._spread.traces[place] = coins[self._spread.people]

    def finish(self, seconds: float) -> Run:
        """Return everything taken down."""
        return Run(self._parameters, self._rounds, self._spread, self._coins, seconds)
