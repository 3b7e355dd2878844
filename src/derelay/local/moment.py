"""What somebody watching a relay is told, phase by phase."""

from dataclasses import dataclass

from derelay.rules.phases import Phase


@dataclass(frozen=True)
class Moment:
    """A phase of a round has ended.

    Attributes
    ----------
    round, rounds
        The round, from 1, and how many there will be.
    phase
        The phase that ended.
    lines
        What happened in it, ready for people.
    """

    round: int
    rounds: int
    phase: Phase
    lines: tuple[str, ...]
