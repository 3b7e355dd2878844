"""torchft's HTTPTransport: how replicas of a training hand on checkpoints. No hash, no cipher, no disk."""

import sys
from datetime import timedelta
from typing import cast

sys.path.pop(0)  # this folder, in which `torchft` is this file
import torch
from torchft.checkpointing.http_transport import HTTPTransport

sys.path.insert(0, __file__.rpartition("/")[0])
from sides import State, give, model, resident, take

TIMEOUT = timedelta(seconds=60)


def transport(mode: str) -> HTTPTransport:
    """Return one side of a transport."""
    return HTTPTransport(timeout=TIMEOUT, num_chunks=int(mode.removeprefix("chunks")))


def serve(mode: str, mb: int) -> list[str]:
    """Offer a model."""
    giver = transport(mode)
    giver.send_checkpoint([1], step=1, state_dict=model(mb), timeout=TIMEOUT)
    return [giver.metadata()]


def receive(taker: HTTPTransport, where: str) -> State:
    """Fetch it."""
    return cast(State, taker.recv_checkpoint(src_rank=0, metadata=where, step=1, timeout=TIMEOUT))


if __name__ == "__main__":
    side, mode, mb, _, *where = sys.argv[1:]
    torch.set_num_threads(1)
    if side == "give":
        idle = resident("VmRSS")
        give(lambda: serve(mode, int(mb)), idle)
    else:
        taker = transport(mode)
        take(lambda: receive(taker, where[0]))
        taker.shutdown()
