"""Compare plain cyclic weight transfer with NVFlare's CyclicRecipe: same shares, network, steps, draws.

``python benchmarks/nvflare_cyclic.py --split classes:2 --rate 0.1`` prints the accuracy that each ends with,
as one JSON line. Wants ``make bench-env`` first.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import torch

sys.path.insert(0, str(Path(__file__).resolve().parent))
from learners.networks import accuracy, network
from learners.problem import Problem, load
from learners.sequential import cyclic
from learners.sharing import shares_of

from derelay.learn import Share

FOLDER = Path(__file__).resolve().parent
PYTHON = FOLDER.parent / ".venv-bench-nvflare" / "bin" / "python"


def by_nvflare(
    problem: Problem, shares: Sequence[Share], steps: int, laps: int, rate: float, seed: int
) -> float:
    """Return the accuracy of the model that NVFlare's simulator ends with.

    Raises
    ------
    FileNotFoundError
        If NVFlare's environment is not there.
    subprocess.CalledProcessError
        If NVFlare fails; it says why on standard error.
    """
    if not PYTHON.exists():
        raise FileNotFoundError(f"no {PYTHON}: make bench-env")
    with TemporaryDirectory(prefix="derelay-nvflare-") as name:
        folder = Path(name)
        for holder, share in enumerate(shares):
            torch.save((share.train.inputs, share.train.targets), folder / f"share{holder}.pt")
        setting = {
            "network": {"kind": problem.network, "shape": problem.shape, "classes": problem.classes},
            "holders": len(shares),
            "laps": laps,
            "local_steps": steps // (laps * len(shares)),
            "rate": rate,
            "seed": seed,
        }
        (folder / "setting.json").write_text(json.dumps(setting))
        app = FOLDER / "learners" / "nvflare_app.py"
        subprocess.run([PYTHON, app, folder], check=True, stdout=sys.stderr, stderr=sys.stderr)
        model = network(problem.network, problem.shape, problem.classes)
        model.load_state_dict(torch.load(folder / "model.pt"))
    return accuracy(model, problem.test.inputs, problem.test.targets)


def main() -> None:
    """Run both and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", default="fashion", help="fashion or digits")
    parser.add_argument("--split", default="classes:2", help="dirichlet:A, iid, classes:K")
    parser.add_argument("--holders", type=int, default=10)
    parser.add_argument("--steps", type=int, default=4000, help="gradient steps of all trainers together")
    parser.add_argument("--laps", type=int, default=10)
    parser.add_argument("--rate", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    problem = load(asked.data, Path())
    shares = shares_of(problem, asked.split, asked.holders, asked.seed)
    plain = cyclic(problem, shares, asked.steps, asked.laps, asked.rate, asked.seed)
    begun = perf_counter()
    told = by_nvflare(problem, shares, asked.steps, asked.laps, asked.rate, asked.seed)
    found = {"plain": plain.accuracy, "nvflare": told, "plain_s": plain.seconds}
    print(json.dumps({**vars(asked), **found, "nvflare_s": perf_counter() - begun}))


if __name__ == "__main__":
    main()
