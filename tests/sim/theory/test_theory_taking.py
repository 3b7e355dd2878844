"""Lemmas 2 and 3: takers, on the rules and on the compiled contracts."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derelay.rules import price
from derelay.rules.parameters import OPEN
from derelay.sim.relay import Economy, Setting, play
from derelay.sim.strategies import Honest
from derelay.sim.strategies.duties import Keeper, Trainer
from derelay.sim.strategies.free_riders import Taker
from derelay.sim.strategies.guessing import Guesser
from derelay.sim.theory import taking

RULES = replace(OPEN, versions_cap=8, price=10**15, slash=10**15, seat_fee=10**13, seats=5)
SETTING = Setting(parameters=RULES, economy=Economy(version=1.0, coin=0.0, testing=0.0, interest=0.0))


@dataclass(frozen=True)
class Buyer(Taker):
    """Takes, and does not maintain."""

    name = "buyer"
    maintains = False


@dataclass(frozen=True)
class Silent(Keeper):
    """Offers to test, takes the head when drawn, and says nothing."""

    name = "silent"

    def reveals(self, me, table):
        return False

    def votes(self, me, table):
        return None


@given(st.integers(1, 200), st.integers(0, 200))
@settings(derandomize=True)
def test_deposit_is_that_of_the_rules(head, gap):
    newest = max(head - gap, 0)
    assert taking.deposit(head - newest, RULES) == price.deposit(1, head, newest, RULES.versions_cap)


@given(st.integers(0, 200), st.integers(0, 200))
@settings(derandomize=True)
def test_new_name_never_pays_less_than_an_old_one(head, newest):
    args = {"price": 1, "head_version": head, "cap": RULES.versions_cap}
    assert price.deposit(newest=0, **args) >= price.deposit(newest=newest, **args)


@given(st.integers(1, 100))
@settings(derandomize=True)
def test_versions_cost_more_than_their_price_up_to_the_cap_and_less_far_beyond(gap):
    value = taking.taking_pays_from(gap, RULES)
    assert (value > 1) == (gap <= RULES.versions_cap)
    assert gap * value == pytest.approx(min(gap + 1, 8) + 0.09)


def test_taker_pays_one_version_more_than_it_takes_each_time():
    buyer = play(SETTING, [Honest()] * 11 + [Buyer()], rounds=20, seed=3).agents[-1]
    times, versions = buyer.counts["missing"], buyer.utility["versions"]
    assert times > 5
    assert -buyer.utility["forfeits"] == pytest.approx(versions + times)
    assert -buyer.utility["entering"] == pytest.approx(times * taking.fee(RULES))


@pytest.mark.parametrize("silent", [Silent(), Guesser()])
def test_who_says_nothing_pays_for_what_it_was_granted_and_who_says_anything_has_it_for_nothing(silent):
    agents = [Keeper()] * 40 + [Trainer()] * 2 + [silent]
    tester = play(SETTING, agents, rounds=60, seed=4).agents[-1]
    times, versions = tester.counts["slashed"], tester.utility["versions"]
    assert versions > 5
    if isinstance(silent, Silent):
        assert versions > 2 * times > 10
        # A child that it was to test may become the head: that version is all that the flat part pays for.
        assert versions <= -tester.utility["slashes"] <= versions + times
    else:
        assert times == 0 == tester.utility["slashes"]
        assert tester.utility["testing"] > 0


@given(st.integers(1, 60), st.integers(1, 12), st.integers(0, 10**16))
@settings(derandomize=True)
def test_silence_is_no_discount_on_the_deposit(gap, cap, slash):
    """As long as a slash is no less than a price and a fee: then it costs what a taker pays, or more."""
    rules = replace(RULES, versions_cap=cap, slash=RULES.price + RULES.entry_fee + slash)
    assert taking.silence_pays_from(gap, rules) >= taking.taking_pays_from(gap, rules)
    assert taking.silence_pays_from(gap) == pytest.approx((1 + min(gap, 8)) / gap)
