"""When the honest sit out."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derelay.rules.resting import LONGEST, Resting
from derelay.rules.verdict import Verdict

PASS, UNDECIDED, FAIL, MISSING = Verdict.PASS, Verdict.UNDECIDED, Verdict.FAIL, Verdict.MISSING
SOME, NONE = Counter({PASS: 1, FAIL: 9}), Counter({UNDECIDED: 5, FAIL: 5})
ROUNDS = st.lists(st.tuples(st.none() | st.sampled_from(Verdict), st.sampled_from([SOME, NONE, Counter()])))


def first(rounds) -> int:
    """Return the first round, counted from the last of these, that one enters again."""
    resting = Resting()
    for number, (mine, verdicts) in enumerate(rounds, 1):
        resting = resting.after(number, mine, verdicts)
    return next(ahead for ahead in range(1, 200) if resting.is_over(len(rounds) + ahead))


@pytest.mark.parametrize(
    ("rounds", "ahead"),
    [
        ([], 1),
        ([(UNDECIDED, NONE)], 1),
        ([(FAIL, SOME)], 2),
        ([(FAIL, SOME), (None, Counter())], 1),
        ([(FAIL, SOME), (FAIL, SOME)], 3),
        ([(FAIL, SOME), (UNDECIDED, NONE), (FAIL, SOME)], 3),
        ([(FAIL, SOME), (PASS, SOME), (FAIL, SOME)], 2),
        ([(FAIL, SOME), (None, SOME)], 1),
        ([(FAIL, SOME), (None, NONE)], 3),
        ([(FAIL, SOME)] * 3 + [(None, SOME)], 3),
        ([(FAIL, NONE)] * 20, LONGEST + 1),
        ([(None, NONE)] * 20, 1),
        ([(FAIL, SOME), (None, Counter({MISSING: 9}))], 1),
    ],
)
def test_each_failure_doubles_the_rest_and_what_others_come_to_shortens_or_prolongs_it(rounds, ahead):
    assert first(rounds) == ahead


@given(ROUNDS)
def test_nobody_rests_for_ever_and_a_pass_ends_it(rounds):
    assert first(rounds) <= LONGEST + 1
    assert first([*rounds, (PASS, SOME)]) == 1
