"""DeRelayL's mechanism exactly as its authors simulate it, so that their figures can be drawn again.

Duan, Ma, Qin, Zeng, Cai, Leung, Hu: DeRelayL: Sustainable Decentralized Relay Learning,
arXiv 2605.02935. This is the paper's relay, not ours: no dishonest participant, and quality is known.
"""

from derelay.sim.paper.parameters import ParameterError, Parameters, Rng
from derelay.sim.paper.result import Run
from derelay.sim.paper.run import simulate

__all__ = ["ParameterError", "Parameters", "Rng", "Run", "simulate"]
