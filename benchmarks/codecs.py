"""Try our codecs and those of others on the same real children; draw bytes against gain lost.

python benchmarks/codecs.py digits --heads 4 --legs 6 --seeds 1 2 >> codecs.jsonl
python benchmarks/codecs.py --figure docs/images/codecs.png < codecs.jsonl
python benchmarks/codecs.py --table < codecs.jsonl
"""

import argparse
import json
import sys
from dataclasses import asdict
from itertools import chain, groupby
from pathlib import Path

import torch
from codec_peers import PEERS
from matplotlib import rc_context
from matplotlib.figure import Figure

from derelay.baton.codecs import CODECS
from derelay.learn import load_task
from derelay.local.codec_costs import codec_costs
from derelay.local.legs import trained_legs
from derelay.sim.paper.figures.canvas import STYLE

OURS, THEIRS = "#0072b2", "#d55e00"
"""From Okabe and Ito's palette."""
TARGET_BYTES, TARGET_LOSS = 0.1, 0.02
FLOOR = 1e-3
"""Share of the gain below which losses are drawn as one: a codec may gain by chance, too."""
UNDRAWN = ("PowerSGD, rank 32", "zstd", "zstd of the change", "fp16")
"""Codecs that coincide with `full` or `bf16` in a picture."""


def main() -> None:
    """Run as the module's docstring says."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("task", nargs="?", help="an installed task, or a file with one")
    parser.add_argument("--heads", type=int, default=4)
    parser.add_argument("--legs", type=int, default=6)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--figure", type=Path, help="draw what is read from standard input")
    parser.add_argument(
        "--table", action="store_true", help="print what is read from standard input in Markdown"
    )
    asked = parser.parse_args()
    if asked.figure or asked.table:
        rows = [json.loads(line) for line in sys.stdin]
        tasks = {task: list(found) for task, found in groupby(rows, lambda row: row["task"])}
        if asked.figure:
            figure(tasks).savefig(asked.figure, dpi=110)
        if asked.table:
            print("\n".join(table(tasks)))
        return
    torch.set_num_threads(1)
    task = load_task(asked.task)
    legs = chain.from_iterable(trained_legs(task, asked.legs, asked.heads, seed) for seed in asked.seeds)
    for row in codec_costs(task, [*CODECS.values(), *PEERS], legs):
        print(json.dumps({"task": task.name, **asdict(row)}), flush=True)


def table(tasks: dict[str, list[dict]]) -> list[str]:
    """Return the lines of a table in Markdown: bytes, gain lost, and at worst, in percent."""
    by = {task: {row["codec"]: row for row in rows} for task, rows in tasks.items()}
    codecs = [codec.name for codec in (*CODECS.values(), *PEERS)]
    lines = ["| codec | " + " | ".join(by) + " |", "|---|" + "---|" * len(by)]
    for name in codecs:
        cells = [_cell(rows[name]) if name in rows else "" for rows in by.values()]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return lines


def _cell(row: dict) -> str:
    if row["lost"] is None:
        return f"{100 * row['share']:.1f}"
    return f"{100 * row['share']:.1f}: {100 * row['lost']:+.1f} ({100 * row['lost_worst']:+.1f})"


def figure(tasks: dict[str, list[dict]]) -> Figure:
    """Return a panel for each task: share of the gain lost over share of the model's bytes, in logarithms."""
    names = {peer.name for peer in PEERS}
    with rc_context(STYLE):
        drawn = Figure(figsize=(11, 3.4 * -(-len(tasks) // 3)), layout="constrained")
        for place, (task, rows) in enumerate(tasks.items(), 1):
            axes = drawn.add_subplot(-(-len(tasks) // 3), 3, place)
            axes.axvspan(0.03, TARGET_BYTES, ymax=_height(TARGET_LOSS), color="#009e73", alpha=0.12, lw=0)
            for row in (row for row in rows if row["lost"] is not None and row["codec"] not in UNDRAWN):
                lost, name = min(max(row["lost"], FLOOR), 1.5), row["codec"].removeprefix("hivemind ")
                colour = THEIRS if row["codec"] in names else OURS
                axes.plot(row["share"], lost, "o", ms=4, color=colour)
                axes.annotate(
                    name,
                    (row["share"], lost),
                    (1, 4),
                    textcoords="offset points",
                    fontsize=6,
                    color=colour,
                    rotation=50,
                )
            axes.set(xscale="log", yscale="log", xlim=(0.03, 2), ylim=(FLOOR / 1.3, 2), title=task)
            axes.set(xlabel="bytes, of the model's", ylabel="gain lost" if place % 3 == 1 else "")
    return drawn


def _height(lost: float) -> float:
    """Return how high up a panel a loss is, from 0 to 1."""
    low, high, value = (torch.tensor(each).log() for each in (FLOOR / 1.3, 2.0, lost))
    return float((value - low) / (high - low))


if __name__ == "__main__":
    main()
