"""What a run is compared with, and what it cost."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Baseline:
    """Accuracies without a relay, on the public test cases.

    Attributes
    ----------
    alone_mean
        Each participant trains by itself with as many steps as it spent; mean over those who spent any.
    centralized
        One model trained on everybody's data with as many steps as all of them together spent.
    centralized_lineage_steps
        The same with the steps of one lineage: those that stand behind the last head one after the other.
    metrics
        By the name of the baseline: all metrics.
    """

    alone_mean: float
    centralized: float
    centralized_lineage_steps: float
    metrics: dict[str, dict[str, float]]


@dataclass(frozen=True)
class Steps:
    """Gradient steps: of all participants together, and of one lineage."""

    total: int
    lineage: int


@dataclass(frozen=True)
class GasByCall:
    """How often a function was called, and the gas that took in all."""

    count: int
    gas: int


@dataclass(frozen=True)
class ChainUse:
    """What the run asked of the chain."""

    transactions: int
    gas: int
    gas_by_call: dict[str, GasByCall]


@dataclass(frozen=True)
class Seconds:
    """Where the time went."""

    total: float
    training: float
    scoring: float
    chain: float
    baselines: float
    other: float
