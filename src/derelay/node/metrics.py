"""A node in numbers, in the text format that Prometheus reads.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import derelay
from derelay.node.node import Node
from derelay.node.process import open_files, resident_bytes
from derelay.node.standing import Standing

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
NATIVE = 10**18
"""Wei of one of the chain's native currency; also what one coin is divided into."""


@dataclass(frozen=True)
class Metric:
    """One metric: its name, "gauge" or "counter", what it means, and its value for each set of labels."""

    name: str
    kind: str
    help: str
    samples: tuple[tuple[Mapping[str, str], float], ...]

    def __str__(self) -> str:
        lines = [f"# HELP {self.name} {self.help}", f"# TYPE {self.name} {self.kind}"]
        for labels, value in self.samples:
            text = ",".join(f'{name}="{_escaped(label)}"' for name, label in labels.items())
            lines.append(f"{self.name}{{{text}}} {value:g}" if text else f"{self.name} {value!r}")
        return "\n".join(lines) + "\n"


class Metrics:
    """What is known of a node.

    Parameters
    ----------
    journal
        The journal's file, whose size is told.
    """

    def __init__(self, node: Node, journal: Path) -> None:
        self._node = node
        self._journal = journal
        self._standing: Standing | None = None
        self._verdicts: Counter[str] = Counter()
        self._seen_at = 0.0

    def watch(self, standing: Standing) -> None:
        """Take note of how the node stands after a block."""
        me = self._node.me
        self._verdicts = Counter(verdict.name.lower() for _, verdict in me.relay.history.verdicts(me.address))
        self._standing = standing
        self._seen_at = time.time()

    def text(self) -> str:
        """Return all metrics; may be called from another thread than the node's."""
        return "".join(str(metric) for metric in (*self._of_relay(), *self._of_node(), *_of_process()))

    def _of_relay(self) -> Iterator[Metric]:
        standing = self._standing
        if standing is None:
            return
        view, member = standing.view, standing.member
        yield _gauge("derelay_seen_timestamp_seconds", "When it last saw a new block.", self._seen_at)
        yield _gauge("derelay_block_height", "Number of the newest block seen.", view.height)
        yield _gauge("derelay_block_timestamp_seconds", "Time of the newest block seen.", view.now)
        yield _gauge("derelay_round", "Number of the round.", view.round.number)
        yield _gauge("derelay_head_version", "Version of the head.", view.head.version)
        yield Metric(
            "derelay_phase", "gauge", "Phase of the round.", (({"phase": view.phase.name.lower()}, 1),)
        )
        yield _gauge("derelay_registered", "Whether it takes part.", int(member.is_registered))
        yield _gauge("derelay_maintains", "Whether it is in the list of maintainers.", int(member.place > 0))
        yield _gauge("derelay_bond_native", "Its bond, in the native currency.", member.bond / NATIVE)
        yield _gauge("derelay_balance_native", "What is in its wallet.", standing.balance / NATIVE)
        yield _gauge("derelay_owed_native", "What it may withdraw.", standing.owed[0] / NATIVE)
        yield _gauge("derelay_owed_coins", "Coins that it may withdraw.", standing.owed[1] / NATIVE)

    def _of_node(self) -> Iterator[Metric]:
        me = self._node.me
        info = {"version": derelay.__version__, "address": me.address, "relay": me.relay.rounds.address}
        yield Metric("derelay_info", "gauge", "Who this is.", ((info, 1),))
        yield _counter("derelay_steps_total", "Gradient steps trained in this relay.", me.steps)
        yield Metric(
            "derelay_work_seconds_total",
            "counter",
            "Seconds spent on training and on scoring since the start.",
            tuple(({"work": work}, me.stopwatch.seconds[work]) for work in ("training", "scoring")),
        )
        yield Metric(
            "derelay_verdicts_total",
            "counter",
            "Verdicts on its children.",
            tuple(({"verdict": name}, count) for name, count in sorted(self._verdicts.items())),
        )
        yield _gauge("derelay_store_bytes", "Sealed blobs on disk.", me.store.size())
        files = self._journal.parent.glob(f"{self._journal.name}*")
        size = sum(file.stat().st_size for file in files)
        yield _gauge(
            "derelay_journal_bytes", "The journal on disk, what waits to be put in order included.", size
        )


def _of_process() -> Iterator[Metric]:
    yield _counter("process_cpu_seconds_total", "Processor time of this process.", time.process_time())
    for name, help, value in (
        ("process_resident_memory_bytes", "Memory of this process.", resident_bytes()),
        ("process_open_fds", "Files and sockets open.", open_files()),
    ):
        if value is not None:
            yield _gauge(name, help, value)


def _gauge(name: str, help: str, value: float) -> Metric:
    return Metric(name, "gauge", help, (({}, value),))


def _counter(name: str, help: str, value: float) -> Metric:
    return Metric(name, "counter", help, (({}, value),))


def _escaped(label: str) -> str:
    return label.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
