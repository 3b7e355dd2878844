"""Parameters by name."""

import pytest

from derelay.rules.parameters import OPEN
from derelay.sim.game.errors import GameError
from derelay.sim.game.knobs import KNOBS, Changes, combinations, read, shown, unit
from derelay.sim.relay import Economy, Setting


def test_several_values_make_every_combination():
    found = list(combinations(read(["seats=3,5", "training=0.2"])))
    assert [dict(each.values) for each in found] == [
        {"seats": 3.0, "training": 0.2},
        {"seats": 5.0, "training": 0.2},
    ]
    assert list(combinations({})) == [Changes()]


def test_a_change_reaches_the_contracts_or_the_economy():
    changes = Changes((("g_min", 4e6), ("decay", 5e17), ("coin", 2.5)))
    setting = changes.setting(Setting())
    assert setting.parameters.g_min == 4_000_000
    assert setting.decay == 5 * 10**17
    assert changes.economy(Economy()).coin == 2.5
    assert setting.parameters.seats == OPEN.seats


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sats=3", "no parameter 'sats': choose from price"),
        ("seats", "sets nothing"),
        ("seats=", "give a number"),
        ("seats=many", "give a number"),
        ("coin=inf", "endless"),
        ("coin=nan", "endless"),
    ],
)
def test_what_sets_nothing_is_refused(text, words):
    with pytest.raises(GameError, match=words):
        read([text])


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((("seats", 2.5),), "whole number"),
        ((("g_min", -1.0),), "whole number"),
        ((("seats", 40.0),), "seats 40: need 1 <= min_seats"),
    ],
)
def test_a_relay_that_could_not_work_is_refused(values, words):
    with pytest.raises(GameError, match=words):
        Changes(values).setting(Setting())


def test_values_are_shown_in_units_that_people_read():
    assert shown("g_min", 2_000_000) == "0.002"
    assert shown("price", OPEN.price) == "1"
    assert shown("undecided_share", 1_000) == "10"
    assert unit("undecided_share") == "undecided share (%)"
    assert str(Changes()) == "defaults"
    assert str(Changes((("g_min", 4e6),))) == "g_min 0.004"
    for name in KNOBS:
        assert shown(name, 0) == "0"
