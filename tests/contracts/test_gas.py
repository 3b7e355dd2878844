"""What a round costs in gas, by real transactions."""

import pytest
from harness import QUICK, Relay, Round
from harness.transactions import GAS, Transactions

TRAINERS, TESTERS = 7, 5
OWN_CALLS = ("enter", "commit", "hand_in", "score", "reveal", "vote", "grant")
LIMITS = {
    "enter": 180_000,
    "grant": 350_000,  # the owners' keys of the new head, seven at once
    "commit": 135_000,
    "hand_in": 300_000,
    "score": 60_000,
    "reveal": 240_000,
    "vote": 160_000,
    "close": 160_000,
    "advance": GAS // 4,
}


@pytest.fixture(scope="module")
def table() -> list[dict[str, tuple[int, int]]]:
    """For each of two rounds, and each call: how often, and the most gas."""
    relay = Relay(QUICK, machine=Transactions())
    trainers = [relay.join() for _ in range(TRAINERS)]
    for _ in range(TESTERS):
        relay.join(maintains=True)
    rounds = []
    for _ in range(3):
        relay.gas.clear()
        Round(relay).play(trainers)
        rounds.append({name: (len(each), max(each), sum(each)) for name, each in relay.gas.items()})
    return rounds


def test_the_gas_of_a_round(table):
    for number, calls in enumerate(table, start=1):
        print(
            f"\nround {number}: {TRAINERS} trainers, {TESTERS} testers, {sum(c[2] for c in calls.values())} gas"
        )
        for name, (count, most, _) in calls.items():
            print(f"  {name:8} {count:3} calls, at most {most:9,} gas")
    assert {name: most for name, (_, most, _) in table[2].items() if most > LIMITS[name]} == {}
    for name in OWN_CALLS:
        assert table[2][name][1] <= table[1][name][1] * 1.02  # as cheap in an older relay
