"""Federated averaging by Flower, in an environment of its own (``make bench-env``)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from derelay.learn import Share
from learners.outcome import Outcome, worst_drop
from learners.problem import Problem

FOLDER = Path(__file__).resolve().parent
PYTHON = FOLDER.parents[1] / ".venv-bench-flower" / "bin" / "python"


def averaged(
    problem: Problem,
    shares: Sequence[Share],
    steps: int,
    rounds: int,
    rate: float,
    seed: int,
    proximity: float = 0.0,
) -> Outcome:
    """Run Flower's FedAvg, or with ``proximity`` its FedProx, every holder in each round.

    Raises
    ------
    FileNotFoundError
        If Flower's environment is not there.
    subprocess.CalledProcessError
        If Flower fails; it says why on standard error.
    """
    if not PYTHON.exists():
        raise FileNotFoundError(f"no {PYTHON}: make bench-env")
    with TemporaryDirectory(prefix="derelay-flower-") as name:
        folder = Path(name)
        for holder, share in enumerate(shares):
            torch.save((share.train.inputs, share.train.targets), folder / f"share{holder}.pt")
        torch.save((problem.test.inputs, problem.test.targets), folder / "test.pt")
        setting = {
            "network": problem.network,
            "shape": problem.shape,
            "classes": problem.classes,
            "holders": len(shares),
            "rounds": rounds,
            "local_steps": steps // (rounds * len(shares)),
            "rate": rate,
            "proximity": proximity,
            "seed": seed,
        }
        (folder / "setting.json").write_text(json.dumps(setting))
        subprocess.run(
            [PYTHON, FOLDER / "flower_app.py", folder], check=True, stdout=sys.stderr, stderr=sys.stderr
        )
        done = json.loads((folder / "outcome.json").read_text())
    each = setting["local_steps"] * len(shares)
    curve = [((number + 1) * each, accuracy) for number, accuracy in enumerate(done["accuracies"])]
    return Outcome(
        accuracy=curve[-1][1],
        worst_drop=worst_drop(curve),
        steps=curve[-1][0],
        lineage_steps=curve[-1][0] // len(shares),
        bytes_per_holder=done["bytes"] * rounds,
        seconds=done["seconds"],
        overhead_s_per_leg=done["overhead"],
        curve=curve,
    )
