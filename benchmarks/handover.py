"""How fast a model is handed on from one process to another on this machine, beside other tools and a floor.

    python benchmarks/handover.py --mb 100 1000 --repeats 5 --json

One JSON line a hand-over, all tools in turn, so that what else the machine does is spread over them; then,
without `--json`, a table of medians. Tools of others need `make bench-env`; those that are not there are
left out, with a word on it.
"""

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

HERE = Path(__file__).parent
ROOT = HERE.parent


@dataclass(frozen=True)
class Contender:
    """A tool in one mode."""

    tool: str
    mode: str
    most_mb: int = 1 << 20

    @property
    def python(self) -> Path:
        """The interpreter of its environment."""
        own = ROOT / f".venv-bench-{self.tool}" / "bin" / "python"
        return own if self.tool in ("torchft", "hivemind") else Path(sys.executable)

    def command(self, side: str, mb: int, folder: Path, *where: str) -> list[str]:
        """Return how one side of it is started."""
        script = HERE / "handovers" / f"{self.tool}.py"
        return [str(self.python), str(script), side, self.mode, str(mb), str(folder), *where]


CONTENDERS = (
    Contender("floor", "plain"),
    Contender("derelay", "public"),
    Contender("derelay", "sealed"),
    Contender("derelay", "memory"),
    Contender("torchft", "chunks0"),
    Contender("torchft", "chunks10"),
    Contender("hivemind", "averager", most_mb=100),
)


class Giver:
    """A process that serves a model."""

    def __init__(self, contender: Contender, mb: int, folder: Path) -> None:
        self.contender, self.mb, self._folder = contender, mb, folder
        self._process = subprocess.Popen(
            contender.command("give", mb, folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            process_group=0,  # so that what it starts ends with it: hivemind has processes of its own
        )
        self._where: list[str] | None = None

    def hand_over(self) -> dict[str, Any]:
        """Let a new process take the model; return what is reported of it."""
        if self._where is None:
            self._where = [str(each) for each in self._answer()]
        os.sync()  # what was written before is not part of it
        command = self.contender.command("take", self.mb, self._folder, *self._where)
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{self.contender}: {done.stderr}")
        taken = json.loads(done.stdout.splitlines()[-1])
        cast(IO[str], self._process.stdin).write("\n")
        cast(IO[str], self._process.stdin).flush()
        size = self.mb * 1_000_000
        return {
            "tool": self.contender.tool,
            "mode": self.contender.mode,
            "mb": self.mb,
            "wall_s": round(taken["wall_s"], 4),
            "user_s": round(taken["user_s"], 3),
            "system_s": round(taken["system_s"], 3),
            "recv_peak_over_model": round(taken["peak"] / size, 3),
            "send_peak_over_model": round(cast(int, self._answer()) / size, 3),
            "wire_over_model": round(taken["wire"] / size, 4) if "wire" in taken else None,
        }

    def close(self) -> None:
        """Let it end."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _answer(self) -> Any:
        line = cast(IO[str], self._process.stdout).readline()
        if not line:
            raise SystemExit(f"{self.contender} does not serve")
        return json.loads(line)


def measure(mb: int, repeats: int, contenders: list[Contender], folder: Path) -> list[dict[str, Any]]:
    """Let all contenders hand over in turn, and print each line as it is measured."""
    rows = []
    with ExitStack() as stack:
        givers = []
        for contender in contenders:
            givers.append(Giver(contender, mb, folder))
            stack.callback(givers[-1].close)
        for repeat in range(repeats + 1):
            for giver in givers:
                row = giver.hand_over()
                if repeat:  # the first one warms up the giver
                    rows.append(row)
                    print(json.dumps(row), flush=True)
    return rows


def table(rows: list[dict[str, Any]]) -> str:
    """Return medians, and their ratios to the floor and to torchft; peaks of memory are in models."""
    lines = ["| tool | mode | MB | s, median (min–max) | ÷ floor | ÷ torchft | receiver | sender |"]
    lines.append("|---|---|---|---|---|---|---|---|")
    walls: dict[tuple[str, str, int], list[float]] = {}
    for row in rows:
        walls.setdefault((row["tool"], row["mode"], row["mb"]), []).append(row["wall_s"])
    for (tool, mode, mb), times in walls.items():
        middle = statistics.median(times)
        ratios = []
        for beside in (("floor", "plain"), ("torchft", "chunks0")):
            other = walls.get((*beside, mb))
            ratios.append(f"{middle / statistics.median(other):.2f}" if other else "")
        mine = [row for row in rows if (row["tool"], row["mode"], row["mb"]) == (tool, mode, mb)]
        peaks = [
            f"{statistics.median(row[f'{side}_peak_over_model'] for row in mine):.2f}"
            for side in ("recv", "send")
        ]
        cells = [tool, mode, str(mb), f"{middle:.3f} ({min(times):.3f}–{max(times):.3f})", *ratios, *peaks]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--mb", type=int, nargs="+", default=[100, 1000], help="sizes of the model, in 10⁶ bytes"
    )
    parser.add_argument("--repeats", type=int, default=5, help="hand-overs of each tool and size")
    parser.add_argument("--tools", nargs="+", help="these only")
    parser.add_argument("--folder", type=Path, help="where on disk; the system's own for temporary files")
    parser.add_argument("--json", action="store_true", help="lines only, no table")
    wanted = parser.parse_args()
    rows = []
    for mb in wanted.mb:
        contenders = []
        for each in CONTENDERS:
            if mb > each.most_mb or (wanted.tools and each.tool not in wanted.tools):
                continue
            if each.python.exists():
                contenders.append(each)
            else:
                print(f"{each.tool} is not there: make bench-env", file=sys.stderr)
        with tempfile.TemporaryDirectory(dir=wanted.folder) as folder:
            rows += measure(mb, wanted.repeats, contenders, Path(folder))
    if not wanted.json:
        print(table(rows))


if __name__ == "__main__":
    main()
