"""What a round costs in gas, by real transactions."""

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


def test_a_participant_pays_the_same_in_an_older_relay():
    relay = Relay(QUICK, machine=Transactions(), audited=False)
    trainers = [relay.join() for _ in range(TRAINERS)]
    for _ in range(TESTERS):
        relay.join(maintains=True)
    rounds: list[dict[str, int]] = []
    for number in range(1, 4):
        relay.gas.clear()
        Round(relay).play(trainers)
        rounds.append({name: max(each) for name, each in relay.gas.items()})
        total = sum(map(sum, relay.gas.values()))
        print(f"\nround {number}: {TRAINERS} trainers, {TESTERS} testers, {total:,} gas")
        for name, each in relay.gas.items():
            print(f"  {name:8} {len(each):3} calls, at most {max(each):9,} gas")
    _, second, third = rounds  # the first round fills what was empty
    assert {name: gas for name, gas in third.items() if gas > LIMITS[name]} == {}
    for name in OWN_CALLS:
        assert third[name] <= second[name] * 1.001
