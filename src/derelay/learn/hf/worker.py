"""One of the processes that train a leg together; torchrun starts it."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import distributed
from torch.nn.parallel import DistributedDataParallel

from derelay.learn.archive import read_cases
from derelay.learn.hf.language import CausalLanguageTask
from derelay.learn.hf.leg import descend
from derelay.learn.hf.processes import CASES, CHILD, HEAD, ORDER
from derelay.learn.loading import load_task


def main(folder: Path) -> None:
    """Train one process's part; the first of them leaves the child in ``folder``."""
    order = json.loads((folder / ORDER).read_text())
    task = load_task(order["task"])
    assert isinstance(task, CausalLanguageTask)
    model = task.model()
    model.load_state_dict(load_file(folder / HEAD))
    if torch.cuda.is_available():
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
        model.cuda()
    distributed.init_process_group()
    part, parts = distributed.get_rank(), distributed.get_world_size()
    together = DistributedDataParallel(model)
    cases = read_cases(folder / CASES)
    descend(task, together, cases, order["steps"], order["seed"], part=part, parts=parts)
    if part == 0:
        child = {name: tensor.cpu().contiguous() for name, tensor in model.state_dict().items()}
        save_file(child, folder / CHILD)
    distributed.barrier()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    os._exit(0)  # gloo's threads can keep an interpreter from ever coming to its end
