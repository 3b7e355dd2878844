"""Training and scoring as an oracle: what children gain, and what testers measure, without any weights."""

from derelay.sim.oracle.cases import Cases
from derelay.sim.oracle.delta import Delta
from derelay.sim.oracle.landscape import Landscape
from derelay.sim.oracle.oracle import TASKS, Curve, Oracle, OracleError

__all__ = ["TASKS", "Cases", "Curve", "Delta", "Landscape", "Oracle", "OracleError"]
