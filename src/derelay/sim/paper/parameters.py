"""What a run of the paper's mechanism can be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

FEWEST_PARTICIPANTS = 4
"""One owner and one trainer: half of the participants take part, the rest maintain."""
MOST_PARTICIPANTS = {"reference": 20_000, "fast": 10_000_000}
"""What fits into some gigabytes: the reference keeps a count for every pair of survivor and participant."""
MOST_ROUNDS = 1_000_000
MAX_SEED = 2**32 - 1


class ParameterError(ValueError):
    """A parameter with which no relay can be simulated; the message says which, why and what to do."""


class Rng(StrEnum):
    """Which random numbers are drawn, and whether additions keep the authors' order."""

    REFERENCE = "reference"
    FAST = "fast"


@dataclass(frozen=True)
class Parameters:
    """The paper's parameters, with its presets.

    Parameters
    ----------
    participants
        P, an even number: in each round half of them own or train.
    rounds
        How many rounds; the paper's figures show 100 and 5000.
    seed
        Of everything random, 0 to 2³² − 1.
    k
        To how many trainers an owner offers its model.
    survive
        s, the share of a round's children that survive.
    delivery
        q, the probability that a trainer delivers what it was given to train.
    rng
        `Rng.REFERENCE` gives the authors' own run, `Rng.FAST` another of the same distribution.

    Raises
    ------
    ParameterError
        If no relay can be simulated with them.
    """

    participants: int = 256
    rounds: int = 5000
    seed: int = 42
    k: int = 4
    survive: float = 0.5
    delivery: float = 0.9
    rng: Rng = Rng.FAST

    def __post_init__(self) -> None:
        most = MOST_PARTICIPANTS[self.rng]
        if not FEWEST_PARTICIPANTS <= self.participants <= most:
            raise ParameterError(
                f"{self.participants} participants: give {FEWEST_PARTICIPANTS} to {most:,} "
                f"with the {self.rng} random numbers"
            )
        if self.participants % 2:
            raise ParameterError(
                f"{self.participants} participants: give an even number, half of them maintain"
            )
        if not 1 <= self.rounds <= MOST_ROUNDS:
            raise ParameterError(f"{self.rounds} rounds: give 1 to {MOST_ROUNDS:,}")
        if not 0 <= self.seed <= MAX_SEED:
            raise ParameterError(f"seed {self.seed}: give a number from 0 to {MAX_SEED}")
        if not 1 <= self.k <= self.participants:
            raise ParameterError(f"k {self.k}: give a number from 1 to the number of participants")
        for name, share in (("survive", self.survive), ("delivery", self.delivery)):
            if not 0 <= share <= 1:
                raise ParameterError(f"{name} {share}: give a share from 0 to 1")
