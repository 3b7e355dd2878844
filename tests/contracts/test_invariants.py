"""The invariants of the protocol, on histories in which everything happens that can.

`histories.machine` is the state machine, `model` what the contracts must do. Both must agree on the outcome,
the events and all balances of every call. ``make prove`` plays many times as many:
``DERELAY_PROVE_HISTORIES`` says how many, ``DERELAY_PROVE_SEED`` which.
"""

import os
import time
from collections import Counter
from functools import cache

from histories.check import check
from histories.play import Play
from histories.reasons import reasons
from histories.terms import usual
from hypothesis import given, settings
from hypothesis import strategies as st
from model import FUNCTIONS
from model.views import views
from test_creation import REFUSED

from derelay.contracts import NAMES, artifact
from derelay.rules.phases import Candidate
from derelay.rules.score import ABSENT, UNAVAILABLE, pack, unpack
from derelay.rules.verdict import Seat, Verdict, dropped

HISTORIES = int(os.environ.get("DERELAY_PROVE_HISTORIES", "250"))
SEED = int(os.environ.get("DERELAY_PROVE_SEED", "0"))
AT_ONCE = 250
"""Histories of one seed."""


@cache
def played() -> Counter[str]:
    """Play all histories, and tell what they visited."""
    seen: Counter[str] = Counter()
    begun = time.perf_counter()
    for i, start in enumerate(range(0, HISTORIES, AT_ONCE)):
        seen += check(histories=min(AT_ONCE, HISTORIES - start), first=SEED + i)
        seconds = time.perf_counter() - begun
        print(
            f"\n{seen['histories']} histories (seeds from {SEED}), {seen['calls']} calls, {seconds:.0f} s",
            end="",
        )
    return seen


def summary(seen: Counter[str]) -> str:
    """Say how much was visited."""
    verdicts = ", ".join(f"{each.name.lower()} {seen[f'verdict {each}']}" for each in Verdict)
    heads = ", ".join(f"{each.name.lower()} {seen[f'candidate {each}']}" for each in Candidate)
    return (
        f"calls: {seen['accepted']} went through, {seen['calls'] - seen['accepted']} were refused\n"
        f"rounds: {seen['rounds']} begun, {seen['HeadChanged'] + seen['HeadKept']} settled\n"
        f"verdicts: {verdicts}, void {seen['verdict 0']}\n"
        f"heads: {seen['HeadChanged']} ({heads}), {seen['HeadKept']} times the old one stayed\n"
        f"re-entries: {seen['re-entries']}, {seen['re-entries that went through']} of them went through"
    )


def declared(*mutability: str) -> set[tuple[str, str]]:
    """Return the contracts' functions of these kinds."""
    return {
        (name, entry["name"])
        for name in NAMES
        for entry in artifact(name).abi
        if entry["type"] == "function" and entry["stateMutability"] in mutability
    }


def test_the_contracts_do_what_the_model_says_and_no_invariant_breaks(capsys):
    with capsys.disabled():
        print(f"\n{summary(played())}")


def test_the_histories_visit_everything():
    events = {entry["name"] for name in NAMES for entry in artifact(name).abi if entry["type"] == "event"}
    wanted = {*events, "re-entries", "re-entries that went through"}
    wanted |= {f"verdict {verdict}" for verdict in (0, *Verdict)}
    wanted |= {f"candidate {candidate}" for candidate in Candidate}
    wanted |= {f"refused: {reason}" for reason in {"", *reasons()} - REFUSED}
    assert sorted(each for each in wanted if played()[each] == 0) == []


def test_the_model_has_every_function_and_every_view():
    play = Play((2, 0), None, Counter())
    play.do("begin", play.stage.people[0], usual())
    pair = play.relays[0].pair
    asked = {(contract, view) for contract, view, _, _ in views(pair.model, play.stage.everybody)}
    assert asked | {("coin", "allowance")} == declared("view", "pure")
    called = {(kind.contract, name) for name, kind in FUNCTIONS.items()} - {("rounds", "receive")}
    assert called == declared("nonpayable", "payable")


gains = st.one_of(st.integers(-(10**9), 10**9), st.integers(-(2**127), 2**127 - 1))
measured = st.builds(Seat, gains, st.one_of(st.integers(0, 10**9), st.integers(0, 2**128 - 2))).map(pack)
many = settings(max_examples=300, deadline=None, derandomize=True)


@given(
    st.lists(measured, min_size=1, max_size=32),
    st.lists(measured, max_size=32),
    st.integers(1, 10**12),
    st.integers(0, 10_000),
)
@many
def test_lying_seats_move_the_mean_by_no_more_than_the_stated_bound(probe, words, lies, clip, trim):
    lies = lies[: len(words)]
    honest, _ = probe.read("robust_gain", words, clip, trim)
    moved, _ = probe.read("robust_gain", [*lies, *words[len(lies) :]], clip, trim)
    out = dropped(len(words), trim)
    kept = len(words) - 2 * out
    assert abs(moved - honest) * kept <= 2 * clip * len(lies) + kept  # a division each, rounded towards zero
    if len(lies) <= out:
        others = [max(-clip, min(clip, unpack(word).gain)) for word in words[len(lies) :]]
        assert min(others) <= moved <= max(others)


@given(
    st.lists(measured, max_size=16),
    st.lists(st.sampled_from([ABSENT, UNAVAILABLE]), max_size=32),
    st.integers(1, 10**12),
    st.integers(0, 10_000),
    st.randoms(use_true_random=False),
)
@many
def test_no_child_passes_with_fewer_than_half_of_its_seats(probe, words, silent, clip, trim, random):
    seats = [*words, *silent][:32]
    random.shuffle(seats)
    verdict, _, _ = probe.read("judge", seats, clip, trim, 0, 0, 0)
    present = sum(word > UNAVAILABLE for word in seats)
    if 2 * present < len(seats):
        assert verdict != Verdict.PASS
