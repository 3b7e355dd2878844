"""A network to be: how many nodes, of which task, under which terms."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

MIN_SEATS = 3
WINDOW_SECONDS = (2, 2, 10, 2, 3, 4, 2, 5)
"""For nodes that share a machine, and models that train in a second or less."""
WINDOW_BLOCKS = (1, 1, 4, 1, 1, 1, 1, 1)


class NetworkError(Exception):
    """A network that does not come about or stands still; the message says where, and what was said last."""


@dataclass(frozen=True)
class Setting:
    """What a network is made from.

    Attributes
    ----------
    task
        An installed task, or a Python file with one.
    nodes
        How many, each a process.
    seats
        Testers of a child.
    first_port
        The first of those that are used, each free one after the other.
    pace
        Seconds between blocks; windows are so many times as long, too.
    """

    task: str = "digits"
    nodes: int = 8
    seats: int = 3
    first_port: int = 24_000
    pace: int = 1
    seed: int = 7

    @property
    def task_here(self) -> str:
        """The task as seen from any folder."""
        return str(Path(self.task).resolve()) if self.task.endswith(".py") else self.task

    def terms(self) -> list[str]:
        """Return the terms of the relay as options of `derelay create`."""
        terms = {
            "seats": self.seats,
            "min_seats": MIN_SEATS,
            "voters": self.seats,
            "window_seconds": ",".join(str(seconds * self.pace) for seconds in WINDOW_SECONDS),
            "window_blocks": ",".join(map(str, WINDOW_BLOCKS)),
        }
        return [f"--param={name}={value}" for name, value in terms.items()]
