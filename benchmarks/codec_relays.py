"""What codecs do to a model over many heads: relays with and without them, everything else the same.

python benchmarks/codec_relays.py digits --rounds 12 --seeds 1 2 3

No chain, no verdicts: in each round four of eight participants train the head, and their pool is the next.
Children and pools are sent as they are, or by a codec each. One JSON line for each relay.
"""

import argparse
import json
from collections.abc import Iterator

import torch

from derelay.baton.codecs import codec_named
from derelay.learn import State, Task, load_task, pooled, split
from derelay.rules.parameters import OPEN
from derelay.rules.units import SHARE_ONE

WAYS = (("full", "full"), ("steps-0.75", "full"), ("full", "steps-0.5"), ("steps-0.75", "steps-0.5"))
"""Codec of children, codec of pools."""
PARTICIPANTS, TRAINERS, ALPHA = 8, 4, 0.3


def relay(task: Task, rounds: int, seed: int, child: str, pool: str) -> dict[str, float]:
    """Run one relay; return what the public test says of its last head."""
    generator = torch.Generator().manual_seed(seed)
    shares = split(task.cases()[0], PARTICIPANTS, ALPHA, generator, task.held_out)
    model = task.model()
    head = state_of(model)
    for _ in range(rounds):
        children = []
        for who in torch.randperm(PARTICIPANTS, generator=generator)[:TRAINERS].tolist():
            model.load_state_dict(head)
            task.train(model, shares[who].train, task.steps, generator)
            children.append(codec_named(child).settled(state_of(model), head))
        head = codec_named(pool).settled(pooled(head, children, OPEN.step / SHARE_ONE), head)
    model.load_state_dict(head)
    return task.metrics(model, task.cases()[1]) | {"nats": float(task.score(model, task.cases()[1]).mean())}


def state_of(model: torch.nn.Module) -> State:
    """Return a copy of a model's tensors."""
    return {name: tensor.detach().clone() for name, tensor in model.state_dict().items()}


def rows(task: Task, rounds: int, seeds: list[int]) -> Iterator[dict[str, object]]:
    """Yield a row for each seed and way."""
    for seed in seeds:
        for child, pool in WAYS:
            about = {"task": task.name, "seed": seed, "children": child, "pools": pool}
            yield about | relay(task, rounds, seed, child, pool)


def main() -> None:
    """Run as the module's docstring says."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("task")
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    asked = parser.parse_args()
    torch.set_num_threads(1)
    for row in rows(load_task(asked.task), asked.rounds, asked.seeds):
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
