"""A relay played on its compiled contracts, by agents with strategies."""

from derelay.sim.relay.outcome import AgentOutcome, Outcome, RoundReport
from derelay.sim.relay.play import play
from derelay.sim.relay.setting import Economy, Setting

__all__ = ["AgentOutcome", "Economy", "Outcome", "RoundReport", "Setting", "play"]
