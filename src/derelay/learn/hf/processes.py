"""A leg by several processes, one for each GPU or on one processor: torchrun, and gradients averaged by DDP.

https://docs.pytorch.org/docs/stable/elastic/run.html
https://docs.pytorch.org/docs/stable/generated/torch.nn.parallel.DistributedDataParallel.html
"""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from safetensors.torch import load_file, save_file
from torch import nn

from derelay.learn.archive import write_cases
from derelay.learn.cases import Cases
from derelay.learn.task import TaskError

if TYPE_CHECKING:
    from derelay.learn.hf.language import CausalLanguageTask

ORDER, HEAD, CASES, CHILD = "order.json", "head.safetensors", "cases.npz", "child.safetensors"
"""Files by which a leg is ordered from the processes, and comes back."""


def leg_by_processes(task: CausalLanguageTask, model: nn.Module, cases: Cases, steps: int, seed: int) -> None:
    """Train ``model`` in place for one leg, by processes of their own, which end with it.

    They load the task from its file, so it must be the only one in there.

    Raises
    ------
    TaskError
        If the batch cannot be parted evenly, or the processes fail; with their last line.
    """
    if task.batch % task.processes:
        raise TaskError(
            f"task {task.name!r}: a batch of {task.batch} cannot be parted among {task.processes} processes; "
            "make it a multiple"
        )
    with TemporaryDirectory(prefix="derelay-leg-") as name:
        folder = Path(name)
        order = {"task": inspect.getfile(type(task)), "steps": steps, "seed": seed}
        (folder / ORDER).write_text(json.dumps(order))
        save_file(model.state_dict(), folder / HEAD)
        write_cases(cases, folder / CASES)
        launch = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
        launch += [f"--nproc-per-node={task.processes}", "-m", "derelay.learn.hf.worker", name]
        done = subprocess.run(launch, capture_output=True, text=True, check=False)
        if done.returncode:
            said = [line for line in done.stderr.splitlines() if "Error" in line] or ["nothing"]
            raise TaskError(
                f"task {task.name!r}: its {task.processes} processes failed ({said[0].strip()}); try "
                "processes = 1"
            )
        model.load_state_dict(load_file(folder / CHILD))
