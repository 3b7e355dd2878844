"""Each rule of the contracts against the same rule in `derelay.rules`."""

from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derelay.chain.chain import Reverted
from derelay.rules import draw, fees, minting, price, score, verdict
from derelay.rules.parameters import MAX_LOAD, MAX_SEATS, OPEN, TRUSTED, ParameterError, Parameters
from derelay.rules.score import ABSENT, UNAVAILABLE
from derelay.rules.verdict import Seat, Verdict

words = st.integers(0, 2**256 - 1)
seeds = st.binary(min_size=32, max_size=32)
wei = st.integers(0, 10**24)
gains = st.one_of(st.integers(-(10**9), 10**9), st.integers(-(2**127), 2**127 - 1))
seats = st.builds(Seat, gains, st.one_of(st.integers(0, 10**9), st.integers(0, 2**128 - 2)))
many = settings(max_examples=200, deadline=None, derandomize=True)


@given(wei, st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 100))
@many
def test_price(probe, unit, version, newest, cap):
    assert probe.read("deposit", unit, version, newest, cap) == price.deposit(unit, version, newest, cap)


@given(seeds, words)
@many
def test_random_words(probe, seed, i):
    assert probe.read("word", seed, i) == draw.word(seed, i)


@given(seeds, st.integers(0, 64), st.integers(0, 64))
@many
def test_admission(probe, seed, entries, places):
    places = min(places, entries)
    assert list(probe.read("admit", seed, entries, places)) == draw.admit(seed, entries, places)


@given(
    st.integers(0, 600),
    st.integers(0, 600),
    st.integers(0, 600),
    st.integers(1, MAX_SEATS),
    st.integers(1, MAX_LOAD),
    st.integers(1, MAX_SEATS),
)
@many
def test_places(probe, entrants, maintaining, maintainers, seats, load, min_seats):
    maintaining = min(entrants, maintaining, maintainers)
    min_seats = min(min_seats, seats)
    expected = draw.places(entrants, maintaining, maintainers, seats=seats, load=load, min_seats=min_seats)
    assert probe.read("places", entrants, maintaining, maintainers, seats, load, min_seats) == expected


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**12))
@many
def test_minted(probe, lower, g_ref):
    assert probe.read("minted", lower, g_ref) == minting.minted(lower, g_ref)


@given(st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=8), st.integers(0, 10**12))
@many
def test_what_a_gain_counts_for(probe, gains, g_min):
    gains.sort(reverse=True)
    most = probe.read("most", gains[len(gains) // 2], g_min)
    assert [min(max(gain, 0), most) for gain in gains] == minting.counted(gains, g_min)


@given(
    st.integers(0, minting.COIN),
    st.integers(0, 10_000),
    st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=8),
)
@many
def test_parts(probe, coins, share, each):
    total = sum(max(gain, 0) for gain in each)
    parts = [probe.read("part", coins, share, max(gain, 0), total) for gain in each]
    assert parts == minting.parts(coins, share, each)


@given(seats)
@many
def test_packed_scores(probe, seat):
    word = score.pack(seat)
    assert probe.read("is_score", word)
    assert probe.read("unpack", word) == (seat.gain, seat.se)
    assert score.unpack(word) == seat


@given(st.one_of(st.integers(0, 5), words, st.integers(2**128 - 2, 2**128 + 2)))
@many
def test_what_a_score_is(probe, word):
    try:
        score.unpack(word)
        is_score = word != ABSENT
    except ValueError:
        is_score = False
    assert probe.read("is_score", word) == is_score


@given(
    st.one_of(st.just(ABSENT), st.just(UNAVAILABLE), seats.map(score.pack)),
    st.sampled_from(Verdict),
    st.integers(0, 10**9),
)
@many
def test_agreement(probe, word, result, g_min):
    assert probe.read("agrees", word, result, g_min) == fees.agrees(word, result, g_min)


@given(st.lists(seats, min_size=1, max_size=MAX_SEATS), st.integers(1, 10**12), st.integers(0, 10_000))
@many
def test_robust_gain(probe, each, clip, trim):
    expected = verdict.robust_gain(each, clip=clip, trim=trim)
    found = probe.read("robust_gain", [score.pack(seat) for seat in each], clip, trim)
    assert found == (expected.gain, expected.se)


@given(
    st.lists(st.one_of(st.just(ABSENT), st.just(UNAVAILABLE), seats.map(score.pack)), max_size=MAX_SEATS),
    st.integers(1, 10**12),
    st.integers(0, 10_000),
    st.integers(0, 100_000),
    st.integers(0, 100_000),
    st.integers(0, 10**9),
)
@many
def test_verdict(probe, each, clip, trim, z_pass, z_fail, g_min):
    rule = {"clip": clip, "trim": trim, "z_pass": z_pass, "z_fail": z_fail, "g_min": g_min}
    expected = verdict.verdict([score.unpack(word) for word in each], each.count(UNAVAILABLE), **rule)
    found = probe.read("judge", each, clip, trim, z_pass, z_fail, g_min)
    assert found == (expected.verdict, expected.gain, expected.se)


@pytest.mark.parametrize("preset", [OPEN, TRUSTED])
def test_presets_are_accepted(probe, preset):
    probe.read("check", preset.check().as_tuple())


numbers = [each.name for each in fields(Parameters) if each.type == "int"]


@given(st.sampled_from(numbers), st.sampled_from([0, 1, 2, 8, 32, 33, 10_000, 10_001, 65_537, 10**12 + 1]))
@many
def test_both_refuse_the_same_parameters(probe, name, value):
    changed = replace(OPEN, **{name: value})
    try:
        changed.check()
        accepted = True
    except ParameterError:
        accepted = False
    if accepted:
        probe.read("check", changed.as_tuple())
    else:
        with pytest.raises(Reverted):
            probe.read("check", changed.as_tuple())
