"""Of which terms the relays of the campaign are: few people, a tiny model, short windows."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from derelay.local.network_setting import MIN_SEATS, WINDOW_BLOCKS, Setting

TASK = Path(__file__).parents[2] / "benchmarks" / "tiny_task.py"
WINDOW_SECONDS = (4, 5, 12, 5, 6, 6, 5, 6)
"""Of rest, enter, train, disclose, seal, score, reveal, pool: who dies in one is back within it."""


@dataclass(frozen=True)
class Terms(Setting):
    """Of a relay whose rounds take about a minute, with a block a second, on ports of this process's own.

    Attributes
    ----------
    windows, blocks
        The least seconds and blocks of each window, as `WINDOW_SECONDS`.
    keeps_chain
        Whether the chain's state is kept, so that its process may die.
    """

    task: str = str(TASK)
    nodes: int = 7
    first_port: int = 20_000 + os.getpid() % 60 * 200
    windows: tuple[int, ...] = WINDOW_SECONDS
    blocks: tuple[int, ...] = WINDOW_BLOCKS
    keeps_chain: bool = False

    def terms(self) -> list[str]:
        terms = {
            "seats": self.seats,
            "min_seats": MIN_SEATS,
            "voters": self.seats,
            "window_seconds": ",".join(map(str, self.windows)),
            "window_blocks": ",".join(map(str, self.blocks)),
        }
        return [f"--param={name}={value}" for name, value in terms.items()]
