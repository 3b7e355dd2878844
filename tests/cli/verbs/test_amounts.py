from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derelay.cli.amounts import ONE, coins, gwei, native, seconds


@given(st.integers(0, 10**30))
def test_native_currency_is_told_to_a_gwei_and_never_as_nothing(wei):
    number, _, unit = native(wei).partition(" ")
    told = Decimal(number) * (1 if unit else ONE)
    assert abs(told - wei) <= Decimal(10**9) / 2
    assert (told == 0) == (wei == 0)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (native(0), "0"),
        (native(10**15), "0.001"),
        (native(10**22), "10000"),
        (native(999_999_999), "999999999 wei"),
        (coins(25 * ONE // 10), "2.5"),
        (coins(10), "0"),
        (gwei(1_500_000_000), "1.5 gwei"),
        (seconds(0), "0 s"),
        (seconds(59), "59 s"),
        (seconds(3_661), "1 h 1 min"),
        (seconds(86_400), "1 d"),
        (seconds(86_400 + 59), "1 d 59 s"),
    ],
)
def test_amounts_and_times_are_told_shortly(said, words):
    assert said == words
