from dataclasses import replace

import pytest

from derelay.rules.phases import Candidate
from derelay.rules.pool import Ballot, Elected, elect, members, pooled
from derelay.rules.score import UNAVAILABLE, pack
from derelay.rules.verdict import Outcome, Seat, Verdict

PASS, UNDECIDED, FAIL, MISSING = Verdict
A, B, BEST = (bytes([i]) * 32 for i in (1, 2, 3))
RULE = {"g_head": 10, "clip": 1000, "vote_trim": 4_000, "any_passed": True}
PASSED = Outcome(PASS, 77, 7)


def ballot(pool=50, passed=40, best=30, names=(A, B)):
    return Ballot(
        names, tuple(UNAVAILABLE if each is None else pack(Seat(each, 5)) for each in (pool, passed, best))
    )


def test_the_pool_takes_the_best_that_did_not_fail():
    outcomes = [
        Outcome(FAIL, 90, 0),
        Outcome(PASS, 20, 0),
        Outcome(UNDECIDED, 30, 0),
        None,
        Outcome(PASS, 20, 0),
        Outcome(MISSING, 0, 0),
        Outcome(UNDECIDED, -5, 0),
    ]
    assert pooled(outcomes, 8) == [2, 1, 4, 6]
    assert pooled(outcomes, 2) == [2, 1]


def test_the_candidates_are_made_of_the_pool():
    pool, passed = [2, 1, 4], [False, True, True]
    assert members(Candidate.POOLED, pool, passed) == [2, 1, 4]
    assert members(Candidate.PASSED, pool, passed) == [1, 4]
    assert members(Candidate.BEST, pool, passed) == [2]


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ((50, 40, 30), Elected(A, Candidate.POOLED, 50, 2)),
        ((40, 50, 30), Elected(B, Candidate.PASSED, 50, 2)),
        ((40, 40, 50), Elected(BEST, Candidate.BEST, 50, 2)),
        ((50, 50, 50), Elected(A, Candidate.POOLED, 50, 2)),
        ((10, 9, -5), None),  # none above g_head
        ((None, None, 50), Elected(BEST, Candidate.BEST, 50, 2)),
    ],
)
def test_the_candidate_of_the_best_gain_is_elected(scores, expected):
    assert elect([ballot(*scores)] * 5, BEST, PASSED, **RULE) == expected


def test_only_what_more_than_half_of_the_voters_name_can_be_elected():
    split = [ballot()] * 2 + [ballot(names=(bytes(32), bytes(32)))] * 2
    assert elect(split, BEST, PASSED, **RULE) == Elected(BEST, Candidate.BEST, 30, 2)
    assert elect([*split, ballot()], BEST, PASSED, **RULE) == Elected(A, Candidate.POOLED, 50, 2)
    assert elect([*split, None], BEST, PASSED, **RULE) == Elected(BEST, Candidate.BEST, 30, 2)


def test_an_id_of_an_earlier_round_cannot_be_elected():
    elected = elect([ballot()] * 3, BEST, PASSED, taken=frozenset({A, bytes(32)}), **RULE)
    assert elected == Elected(B, Candidate.PASSED, 40, 2)


def test_without_a_passed_child_there_is_no_average_of_the_passed():
    votes = [ballot(20, 50, 30)] * 3
    elected = elect(votes, BEST, Outcome(UNDECIDED, 77, 7), **{**RULE, "any_passed": False})
    assert elected == Elected(BEST, Candidate.BEST, 30, 2)


def test_without_enough_votes_the_best_child_must_have_passed():
    for votes in ([None] * 5, [ballot()] * 2 + [None] * 3):
        assert elect(votes, BEST, PASSED, **RULE) == Elected(BEST, Candidate.BEST, 77, 7)
        assert elect(votes, BEST, replace(PASSED, verdict=UNDECIDED), **RULE) is None


def test_a_child_that_most_voters_cannot_open_is_not_elected():
    votes = [ballot(None, None, None)] * 3 + [ballot(None, None, 900)] * 2
    assert elect(votes, BEST, PASSED, **RULE) is None
