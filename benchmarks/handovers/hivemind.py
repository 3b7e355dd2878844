"""hivemind's averager: how a peer that joins a swarm gets the model of the others."""

import sys

sys.path.pop(0)  # this folder, in which `hivemind` is this file
import torch
from hivemind import DHT
from hivemind.averaging import DecentralizedAverager

sys.path.insert(0, __file__.rpartition("/")[0])
from sides import State, give, layout, model, resident, take

_kept = []


def averager(state: State, peers: list[str], shares: bool) -> DecentralizedAverager:
    """Return a peer of a swarm with this state."""
    dht = DHT(initial_peers=peers, host_maddrs=["/ip4/127.0.0.1/tcp/0"], start=True)
    found = DecentralizedAverager(
        list(state.values()),
        dht,
        start=True,
        prefix="handover",
        target_group_size=2,
        allow_state_sharing=shares,
        declare_state_period=1,
    )
    _kept.append((dht, found))
    return found


def serve(mb: int) -> list[str]:
    """Share a model."""
    giver = averager(model(mb), [], shares=True)
    return [str(address) for address in giver.dht.get_visible_maddrs()]


def receive(taker: DecentralizedAverager, mb: int) -> State:
    """Load it."""
    found = taker.load_state_from_peers(timeout=60)
    if found is None:
        raise SystemExit("no peer gave its state")
    return dict(zip(layout(mb), found[1], strict=True))


if __name__ == "__main__":
    side, _, mb, _, *where = sys.argv[1:]
    torch.set_num_threads(1)
    if side == "give":
        idle = resident("VmRSS")
        give(lambda: serve(int(mb)), idle)
    else:
        taker = averager({"empty": torch.zeros(1)}, where, shares=False)
        take(lambda: receive(taker, int(mb)))
    for dht, each in _kept:
        each.shutdown()
        dht.shutdown()
