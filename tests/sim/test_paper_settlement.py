"""Both ways to pay survivors give the same coins."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from derelay.sim.paper.counted_settlement import CountedSettlement
from derelay.sim.paper.ordered_settlement import OrderedSettlement
from derelay.sim.paper.settlement import Survivors

PARTICIPANTS = 12


@given(seed=st.integers(0, 2**32 - 1), rounds=st.integers(1, 40), most=st.integers(1, 5))
def test_counting_descendants_pays_as_walking_lineages(seed, rounds, most):
    draw = np.random.default_rng(seed)
    ordered, counted = OrderedSettlement(PARTICIPANTS), CountedSettlement(PARTICIPANTS)
    one_by_one, at_once = draw.random(PARTICIPANTS), np.zeros(PARTICIPANTS)
    at_once[:] = one_by_one
    owners = np.zeros(1, dtype=np.intp)
    for _ in range(rounds):
        count = int(draw.integers(1, most + 1))
        free = np.setdiff1d(np.arange(PARTICIPANTS), owners)
        trainers = draw.choice(free, count, replace=False)
        bases = draw.integers(len(owners), size=count)
        survivors = Survivors(trainers, owners[bases], bases, draw.random(count), draw.random(count))
        ordered.pay(one_by_one, survivors)
        counted.pay(at_once, survivors)
        np.testing.assert_allclose(at_once, one_by_one, rtol=0, atol=1e-9)
        owners = trainers
