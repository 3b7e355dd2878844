"""What the transaction that replaces another offers."""

from hypothesis import given
from hypothesis import strategies as st

from derelay.chain.gas_price import DEAREST, raised

PRICES = st.integers(0, 10**12)


def fees(tip: int, base: int) -> dict[str, int]:
    return {"maxFeePerGas": base + tip, "maxPriorityFeePerGas": tip}


@given(PRICES, PRICES, PRICES, PRICES)
def test_every_field_rises_by_an_eighth_and_the_tip_is_part_of_the_whole(tip, base, tip_now, base_now):
    offered, asked = fees(tip, base), fees(tip_now, base_now)
    more = raised(offered, asked)
    if more is None:
        assert max(offered.values()) * 9 // 8 + 1 > DEAREST * max(asked.values())
        return
    for field, before in offered.items():
        assert more[field] > before
        assert 8 * more[field] >= 9 * before
        assert more[field] >= asked[field]
    assert more["maxPriorityFeePerGas"] <= more["maxFeePerGas"] <= DEAREST * asked["maxFeePerGas"]


@given(PRICES, PRICES)
def test_before_eip_1559_there_is_one_price(offered, asked):
    more = raised({"gasPrice": offered}, {"gasPrice": asked})
    assert more is None or 8 * more["gasPrice"] >= max(9 * offered, 8 * asked)


def test_where_nothing_more_is_asked_than_is_offered_it_rises_nevertheless():
    assert raised(fees(8, 80), fees(8, 80)) == {"maxFeePerGas": 100, "maxPriorityFeePerGas": 10}


def test_who_offered_by_the_old_rule_may_offer_more_by_the_new():
    assert raised({"gasPrice": 80}, fees(8, 80)) == {"maxFeePerGas": 91, "maxPriorityFeePerGas": 91}
