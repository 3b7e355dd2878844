"""Who gets the last wei: each division of the compiled contracts against exact fractions.

The table is in docs/explanation/arithmetic.md. Verdicts and royalties have files of their own.
"""

from dataclasses import replace
from fractions import Fraction
from math import ceil, floor, trunc

import pytest
from harness import BAD, GOOD, QUICK, UNSURE, Relay, Round, relay_of
from harness.rounds import KEY
from hypothesis import given
from hypothesis import strategies as st

from derelay.chain.chain import Reverted
from derelay.rules.parameters import VOTE_FEES

COIN = 10**18
SHARE_ONE = 10_000


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**12))
def test_coins_are_minted_rounded_down(probe, lower, g_ref):
    exact = min(Fraction(1), max(Fraction(0), Fraction(lower, g_ref)))
    assert probe.read("minted", lower, g_ref) == floor(exact * COIN)


@given(
    st.integers(0, COIN),
    st.integers(1, SHARE_ONE),
    st.floats(0, 1),
    st.lists(st.integers(0, 10**12), min_size=1, max_size=8).filter(any),
)
def test_parts_are_rounded_down_and_the_rest_is_royalty(probe, coins, trainers, of_the_rest, gains):
    servers = int(of_the_rest * (SHARE_ONE - trainers))
    total, royalty = sum(gains), coins
    for share in (trainers, servers):
        for gain in gains:
            part = probe.read("part", coins, share, gain, total)
            assert part == floor(Fraction(coins * share, SHARE_ONE) * Fraction(gain, total))
            royalty -= part
    exact = coins * Fraction(SHARE_ONE - trainers - servers, SHARE_ONE)
    assert exact <= royalty < exact + 2 * len(gains)


@given(st.integers(1, 32), st.integers(0, SHARE_ONE))
def test_the_seats_left_out_are_rounded_up(probe, seats, trim):
    out = min(ceil(Fraction(seats * trim, SHARE_ONE)), (seats - 1) // 2)
    gains = [2**i for i in range(seats)]  # no two ranges of these have the same mean
    words = [1 << 128 | gain + (1 << 127) for gain in gains]
    kept = gains[out : seats - out]
    assert probe.read("robust_gain", words, 2**32, trim)[0] == trunc(Fraction(sum(kept), len(kept)))


sizes = st.integers(0, 60)


@given(sizes, sizes, sizes, st.integers(1, 8), st.integers(1, 8), st.integers(1, 8))
def test_places_are_the_most_that_can_be_tested(probe, entrants, both, maintainers, seats, load, least):
    both, least = min(both, entrants, maintainers), min(least, seats)

    def fits(places: int, size: int) -> bool:
        free = maintainers - min(places, both)
        return free >= size and Fraction(places * size, load) <= free

    places, size = probe.read("places", entrants, both, maintainers, seats, load, least)
    if size == 0:
        assert entrants == 0 or min(seats, maintainers - (both > 0)) < least
        return
    assert size == min(seats, maintainers - (both > 0))
    assert places == max(each for each in range(entrants + 1) if fits(each, size))


@pytest.mark.parametrize(
    ("price", "share", "burned", "fee", "voters"),
    [
        (10_007, 3_333, 1_111, 101, 5),
        (10**15 + 1, 1_000, 0, 10**13 + 1, 3),
        (1, 9_999, 9_999, 1, 5),
        (9_999, 1, 9_999, 3, 4),
    ],
)
def test_a_settlement_to_the_last_wei(price, share, burned, fee, voters):
    """Nothing is paid for closing here, so that the purse keeps nothing."""
    money = {"price": price, "undecided_share": share, "burned_share": burned, "seat_fee": fee}
    parameters = replace(QUICK, **money, voters=voters, closing_fee=0)
    relay = Relay(parameters)
    trainers = [relay.join() for _ in range(4)]
    for _ in range(5):
        relay.join(maintains=True)
    round = Round(relay)
    round.gains = dict(zip(trainers, (GOOD, GOOD, UNSURE, BAD), strict=True))
    round.play(trainers)
    judged = {e.values["trainer"]: e.values for e in relay.events if e.name == "Judged"}
    kept = floor(price * Fraction(share, SHARE_ONE))  # the trainer has the last wei of what is undecided
    for who, forfeited in zip(trainers, (0, 0, kept, price), strict=True):
        assert (judged[who]["forfeited"], judged[who]["returned"]) == (forfeited, price - forfeited)
    vote = floor(Fraction(VOTE_FEES * len(trainers) * fee, voters))
    seats = [sum(fee for i in range(card, 20, 5)) for card in range(5)]
    paid = [e.values["fee"] for e in relay.events if e.name == "TesterSettled"]
    assert paid == [own + vote * (card < voters) for card, own in enumerate(seats)]
    # of the fees, the purse has one of each trainer, and the last wei of the votes
    assert relay.rounds.read("money") == (0, (1 + VOTE_FEES) * len(trainers) * fee - voters * vote, 0, 0)
    # of what each verdict forfeits, royalty has the last wei that is not burned
    gone = [floor(Fraction(forfeited * burned, SHARE_ONE)) for forfeited in (kept, price)]
    assert relay.machine.balance("0x" + "00" * 20) == sum(gone)
    # the creator alone has weight: its royalty lacks the last unit
    (royalty,) = (e.values for e in relay.events if e.name == "RoyaltyPaid")
    assert royalty["native"] == kept + price - sum(gone)
    (head,) = (e.values for e in relay.events if e.name == "HeadChanged")
    earned = [e.values for e in relay.events if e.name == "Earned"]
    assert sum(each["coins"] for each in earned) + royalty["coins"] == head["minted"]
    served = sum(each["coins"] for each in earned if each["by_serving"])  # by the creator, the only owner
    assert relay.owed(relay.creator)[1] in (royalty["coins"] + served - 1, royalty["coins"] + served)


def test_parts_of_a_window_are_rounded_down():
    """Any holder may serve, and nobody any more, a second and a block early rather than late."""
    windows = {
        "window_seconds": (10, 10, 11, 10, 10, 10, 10, 10),
        "window_blocks": (2, 2, 5, 2, 2, 2, 2, 2),
    }
    relay, trainers, _ = relay_of(2, 4, replace(QUICK, **windows))
    Round(relay).play(trainers)  # now there are two owners
    round = Round(relay)
    round.enter([relay.join() for _ in range(3)])

    def serve(newcomer, server):
        relay.send(server, "grant", round.base, bytes(32), [newcomer], [KEY])

    def others(newcomer):
        return next(owner for owner in relay.owners if owner != round.server_of(newcomer))

    first, second, third = round.trainers
    for seconds, blocks in ((4, 2), (1, -1)):
        relay.machine.advance(seconds, blocks)
        with pytest.raises(Reverted, match="not entitled"):
            serve(first, others(first))
    relay.machine.advance(0, 1)  # five seconds and two blocks
    serve(first, others(first))
    relay.machine.advance(3, 0)
    serve(second, round.server_of(second))
    relay.machine.advance(0, 1)  # eight seconds and three blocks
    with pytest.raises(Reverted, match="not entitled"):
        serve(third, round.server_of(third))
