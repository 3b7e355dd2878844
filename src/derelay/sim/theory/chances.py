"""How likely each verdict is, and what share of a deposit that costs."""

from __future__ import annotations

from dataclasses import dataclass

from derelay.rules.parameters import OPEN, Parameters
from derelay.rules.units import SHARE_ONE


@dataclass(frozen=True)
class Chances:
    """Probabilities of the verdicts on a child."""

    passed: float
    undecided: float
    failed: float

    def lost(self, rules: Parameters = OPEN) -> float:
        """Return the expected share of the deposit that is lost."""
        return self.failed + self.undecided * rules.undecided_share / SHARE_ONE
