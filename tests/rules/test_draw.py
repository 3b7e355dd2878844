from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derelay.rules import draw

fixed = settings(derandomize=True, deadline=None)
seeds = st.binary(min_size=32, max_size=32)


def _can_be_tested(places, maintaining, maintainers, size, load):
    """Whether each child has `size` distinct testers of at most `load` children, whoever is admitted."""
    free = maintainers - min(places, maintaining)
    return free >= size and places * size <= free * load


@given(
    st.integers(0, 30),
    st.integers(0, 30),
    st.integers(0, 30),
    st.integers(1, 6),
    st.integers(1, 9),
    st.integers(1, 6),
)
@fixed
def test_places_are_the_most_for_which_enough_maintainers_stay_free(
    entrants, maintaining, maintainers, seats, load, min_seats
):
    maintaining = min(maintaining, entrants, maintainers)
    min_seats = min(min_seats, seats)
    places, size = draw.places(
        entrants, maintaining, maintainers, seats=seats, load=load, min_seats=min_seats
    )
    if places == 0:
        assert size == 0
        assert not any(
            _can_be_tested(1, maintaining, maintainers, fewer, load)
            for fewer in range(min_seats, seats + 1)
            if entrants > 0
        )
        return
    assert min_seats <= size <= seats
    possible = [x for x in range(1, entrants + 1) if _can_be_tested(x, maintaining, maintainers, size, load)]
    assert places == max(possible)
    larger = range(size + 1, seats + 1)
    assert not any(_can_be_tested(1, maintaining, maintainers, more, load) for more in larger)


@given(seeds, st.integers(0, 80), st.integers(0, 80))
@fixed
def test_exactly_as_many_are_admitted_as_there_are_places(seed, entries, places):
    admitted = draw.admit(seed, entries, places)
    assert len(admitted) == min(places, entries)
    assert admitted == sorted(set(admitted))


def test_every_subset_is_admitted_equally_often():
    drawn = Counter(tuple(draw.admit(i.to_bytes(32, "big"), 5, 2)) for i in range(5000))
    assert set(drawn) == set(combinations(range(5), 2))
    assert all(count == pytest.approx(500, abs=5 * 500**0.5) for count in drawn.values())


@given(seeds, st.integers(0, 40), st.sets(st.integers(0, 39)), st.integers(0, 60))
@fixed
def test_the_deck_holds_distinct_maintainers_who_do_not_train(seed, count, training, cards):
    maintainers = [str(i) for i in range(count)]
    busy = {str(i) for i in training}
    deck = draw.deal(seed, maintainers, busy, cards)
    free = set(maintainers) - busy
    assert len(deck) == len(set(deck)) == min(cards, len(free))
    assert set(deck) <= free


def test_every_pair_of_testers_is_drawn_equally_often():
    drawn = Counter(tuple(draw.deal(i.to_bytes(32, "big"), "abcd", {"d"}, 2)) for i in range(6000))
    assert len(drawn) == 6
    assert all(count == pytest.approx(1000, abs=5 * 1000**0.5) for count in drawn.values())


@given(st.integers(1, 40), st.integers(1, 8), st.integers(8, 40))
@fixed
def test_the_deck_is_dealt_evenly(children, seats, deck):
    deck = min(deck, children * seats)
    if deck < seats:
        return
    committees = [draw.committee(child, seats, deck) for child in range(children)]
    assert all(len(set(committee)) == seats for committee in committees)
    loads = Counter(card for committee in committees for card in committee)
    assert max(loads.values()) - min(loads[card] for card in range(deck)) <= 1
    for card in range(deck):
        for child, place in draw.seats_of(card, children, seats, deck):
            assert committees[child][place] == card
    assert sum(len(draw.seats_of(card, children, seats, deck)) for card in range(deck)) == children * seats


def test_the_seed_depends_on_every_secret_and_the_block():
    block, one, two = (bytes([i]) * 32 for i in range(1, 4))
    seeds = {
        draw.draw_seed(block, [one, two]),
        draw.draw_seed(block, [one]),
        draw.draw_seed(block, [two]),
        draw.draw_seed(block, []),
        draw.draw_seed(one, [one, two]),
    }
    assert len(seeds) == 5


def test_whoever_opens_cannot_choose_the_seed_by_the_order():
    block, one, two = (bytes([i]) * 32 for i in range(1, 4))
    assert draw.draw_seed(block, [one, two]) == draw.draw_seed(block, [two, one])


def test_owners_take_turns_from_the_offset():
    assert [draw.server("abc", 1, admitted) for admitted in (1, 2, 3, 4)] == ["c", "a", "b", "c"]
