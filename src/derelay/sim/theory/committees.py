"""Lemma 20: committees in relays of different sizes, in which everybody maintains."""

from __future__ import annotations

from dataclasses import dataclass

from derelay.rules.draw import places
from derelay.rules.parameters import OPEN, Parameters
from derelay.rules.verdict import dropped
from derelay.sim.theory.collusion import captured


@dataclass(frozen=True)
class Committees:
    """Who judges in a relay, if all places are taken.

    Attributes
    ----------
    places
        Trainers in a round.
    seats, voters
        Of a child; of the vote on the pool.
    verdict, vote
        Probabilities that colluders have one seat more than is dropped at one end.
    """

    places: int
    seats: int
    voters: int
    verdict: float
    vote: float


def committees(
    people: int, colluding: int, rules: Parameters = OPEN, *, only_test: bool = False
) -> Committees:
    """Return who judges among so many people, some of whom collude.

    Parameters
    ----------
    only_test
        Whether colluders never enter. While all others train, more of those free to test are theirs.
    """
    entrants = people - colluding * only_test
    room, seats = places(
        entrants, entrants, people, seats=rules.seats, load=rules.load, min_seats=rules.min_seats
    )
    free = people - room
    voters = min(rules.voters, room * seats, free)
    # Who enters is admitted by lot: then a committee is a random part of all names.
    among = free if only_test else people
    verdict, vote = (
        captured(among, colluding, size, dropped(size, trim) + 1)
        for size, trim in ((seats, rules.trim), (voters, rules.vote_trim))
    )
    return Committees(room, seats, voters, verdict, vote)
