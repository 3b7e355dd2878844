"""Every strategy of `derelay.sim.strategies`, as real nodes play it, and some that only nodes can."""
