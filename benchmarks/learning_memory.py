"""Peak memory of a participant, a real ``derelay join``, against that of a process that only trains.

``python benchmarks/learning_memory.py`` prints one JSON line; all in MB, resident. ``imports`` is what is
there after the modules are imported and before anything is read: it is taken off the ratio of a node's peak
to that of training alone on the same cases. Wants anvil.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import torch

from derelay.learn import Task, load_task
from derelay.local.network import Network
from derelay.local.network_setting import Setting
from derelay.local.node_process import ONE_THREAD
from derelay.node.stop import Stop

TASK = str(Path(__file__).resolve().with_name("fashion_task.py"))
LEGS = 16
FIRST_PORT = 26_000


def resident(kind: str, process: int | str = "self") -> float:
    """Return the MB of memory that a process has (`VmRSS`) or had at most (`VmHWM`)."""
    found = re.search(rf"{kind}:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    if found is None:
        raise RuntimeError(f"process {process} has ended")
    return int(found[1]) * 1024 / 1e6


def train(task: Task, cases: Path) -> None:
    """Train as many legs as a participant would, on cases of one's own."""
    own, model, generator = task.read(cases), task.model(), torch.Generator().manual_seed(1)
    for _ in range(LEGS):
        task.train(model, own, task.steps, generator)


def child(kind: str, cases: Path) -> None:
    """Print the memory of this process: "imports" of what a node imports, or "alone" when it has trained."""
    if kind == "node":
        import derelay.cli.app
        import derelay.cli.working  # noqa: F401
    task = load_task(TASK)
    imports = resident("VmRSS")
    if kind == "alone":
        train(task, cases)
    print(json.dumps([imports, resident("VmHWM")]))


def measured(kind: str, cases: Path) -> list[float]:
    """Return what a child prints."""
    command = [sys.executable, __file__, "--child", kind, "--cases", str(cases)]
    done = subprocess.run(command, env=os.environ | ONE_THREAD, check=True, stdout=subprocess.PIPE)
    found: list[float] = json.loads(done.stdout)
    return found


def main() -> None:
    """Play a relay, and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--nodes", type=int, default=5)
    parser.add_argument("--pace", type=int, default=1, help="seconds between blocks; more on a busy machine")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--cases", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        child(asked.child, asked.cases)
        return
    with TemporaryDirectory(prefix="derelay-memory-") as name:
        setting = Setting(TASK, nodes=asked.nodes, first_port=FIRST_PORT, pace=asked.pace)
        with Network(setting, Path(name)) as network:
            heads = network.run(None, asked.rounds, Stop()).heads
            nodes = [resident("VmHWM", node.pid) for node in network.nodes]
            shares = [node.folder / "cases.npz" for node in network.nodes]
        imports, _ = measured("node", shares[0])
        alone = [measured("alone", cases) for cases in shares]
    ratios = [(node - imports) / (peak - bare) for node, (bare, peak) in zip(nodes, alone, strict=True)]
    found = {
        "rounds": asked.rounds,
        "heads": heads,
        "alone": {"imports": alone[0][0], "peaks": [peak for _, peak in alone]},
        "node": {"imports": imports, "peaks": nodes},
        "ratio": median(ratios),
        "highest_ratio": max(ratios),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
