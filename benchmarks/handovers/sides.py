"""What both sides of every tool share: the model, the peak of their memory, how they talk to the benchmark.

Needs nothing but torch, so that it runs in the environment of any tool.
"""

import gc
import json
import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

State = dict[str, torch.Tensor]

WIDTH = 1024


def layout(mb: int) -> dict[str, tuple[int, ...]]:
    """Return names and shapes of a float32 model of so many MB (10⁶ bytes): matrices, biases, and a rest."""
    left, shapes = mb * 250_000, {}
    for number in range(1 << 14):
        for name, shape in (("weight", (WIDTH, WIDTH)), ("bias", (WIDTH,))):
            size = WIDTH * len(shape) if len(shape) == 1 else WIDTH * WIDTH
            if left < size:
                shapes[f"layer{number:05}.rest"] = (left,)
                return shapes
            shapes[f"layer{number:05}.{name}"] = shape
            left -= size
    raise ValueError(f"{mb} MB is more than this model can have")


def model(mb: int) -> State:
    """Return a model of that layout, always the same."""
    generator = torch.Generator().manual_seed(mb)
    return {name: torch.rand(shape, generator=generator) for name, shape in layout(mb).items()}


def sample(state: State) -> float:
    """Return a number that two models hardly have in common."""
    return float(sum(tensor.reshape(-1)[:: 1 << 12].double().sum() for tensor in state.values()))


def resident(kind: str) -> int:
    """Return the bytes of memory that this process has (`VmRSS`) or had at most (`VmHWM`)."""
    found = re.search(rf"{kind}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) * 1024 if found else 0


def forget_peak() -> None:
    """Let the peak of the memory begin anew."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")


def give(serve: Callable[[], Any], idle: int) -> None:
    """Say where one serves, and answer each line that comes in with the peak of one's memory until then.

    Parameters
    ----------
    serve : callable
        Begins to serve, and returns what the taker has to know.
    idle : int
        Bytes that this process had before there was a model.
    """
    where = serve()
    forget_peak()
    print(json.dumps(where), flush=True)
    for _ in sys.stdin:
        print(json.dumps(resident("VmHWM") - idle), flush=True)
        forget_peak()


def take(receive: Callable[[], State]) -> None:
    """Receive a model, and say how long that took, and how much memory."""
    forget_peak()
    idle = resident("VmRSS")
    before, began = os.times(), time.perf_counter()
    state = receive()
    wall, after = time.perf_counter() - began, os.times()
    found = {
        "wall_s": wall,
        "user_s": after.user - before.user,
        "system_s": after.system - before.system,
        "peak": resident("VmHWM") - idle,
        "sample": sample(state),
    }
    print(json.dumps({**found, **EXTRA}), flush=True)


EXTRA: dict[str, Any] = {}
"""What a taker has to say besides."""
