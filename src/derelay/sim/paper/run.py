"""A run of the paper's mechanism from its parameters."""

from __future__ import annotations

import time
from collections.abc import Callable

from derelay.sim.paper.counted_settlement import CountedSettlement
from derelay.sim.paper.fast_draws import FastDraws
from derelay.sim.paper.ordered_settlement import OrderedSettlement
from derelay.sim.paper.parameters import Parameters, Rng
from derelay.sim.paper.recorder import Recorder
from derelay.sim.paper.reference_draws import ReferenceDraws
from derelay.sim.paper.relay import Relay
from derelay.sim.paper.result import Run


def simulate(parameters: Parameters, watch: Callable[[int], None] = lambda played: None) -> Run:
    """Play all rounds and return what happened.

    Parameters
    ----------
    parameters
        With ``rng=Rng.REFERENCE`` the authors' own run, to the last bit of everyone's coins; with
        ``Rng.FAST`` one of the same distribution, for millions of participants.
    watch
        Told after each round how many have been played.
    """
    start = time.perf_counter()
    relay, recorder = make_relay(parameters), Recorder(parameters)
    for played in range(1, parameters.rounds + 1):
        recorder.note(relay, *relay.play())
        watch(played)
    return recorder.finish(time.perf_counter() - start)


def make_relay(parameters: Parameters) -> Relay:
    """Return a relay before its first round."""
    if parameters.rng is Rng.REFERENCE:
        return Relay(parameters, ReferenceDraws(parameters.seed), OrderedSettlement(parameters.participants))
    return Relay(parameters, FastDraws(parameters.seed), CountedSettlement(parameters.participants))
