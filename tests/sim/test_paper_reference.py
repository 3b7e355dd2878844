"""The reference against walking every lineage, for any seed and parameters: equal to the last bit."""

from hypothesis import example, given, settings
from hypothesis import strategies as st
from quadratic import QuadraticRelay

from derelay.sim.paper import Parameters, Rng
from derelay.sim.paper.run import make_relay

shares = st.one_of(st.sampled_from([0.5, 0.9, 1.0]), st.floats(0, 1))


@given(
    participants=st.integers(2, 24).map(lambda half: 2 * half),
    seed=st.integers(0, 2**32 - 1),
    k=st.integers(1, 4),
    survive=shares,
    delivery=shares,
    rounds=st.integers(1, 80),
)
@example(participants=256, seed=7, k=4, survive=0.5, delivery=0.9, rounds=150)
@example(participants=6, seed=3, k=2, survive=1.0, delivery=1.0, rounds=600)
@example(participants=40, seed=1, k=1, survive=0.9, delivery=0.6, rounds=300)
@settings(max_examples=200)
def test_any_run_is_the_plain_one(participants, seed, k, survive, delivery, rounds):
    plain = QuadraticRelay(participants, seed, k, survive, delivery)
    relay = make_relay(Parameters(participants, rounds, seed, k, survive, delivery, Rng.REFERENCE))
    for _ in range(rounds):
        assert relay.play() == plain.play()
        assert relay.coins.tolist() == [person.coins for person in plain.people]
        assert relay.held.tolist() == [person.held for person in plain.people]
