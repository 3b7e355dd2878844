"""A whole relay on a chain that keeps replacing its newest blocks (`make reorganizations`).

Anvil drops what was in the replaced blocks, so every transaction in them has to be handed in again; real
networks mostly take it into the next block by themselves. What a seed plays is not repeated exactly: draws
come from anvil's blocks.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

import torch

from derelay.learn.loading import load_task
from derelay.learn.split import split
from derelay.local.cast import Cast, assemble
from derelay.local.clock import pass_time
from derelay.local.devnet import Devnet
from derelay.node.stopwatch import Stopwatch
from devnets import MovableChain
from small_relay import PARAMETERS, ROUNDS, over

CHANCE = 0.15
"""Of a reorganization after a block."""
MOST_BLOCKS = 1000


def main() -> int:
    """Play a relay of seven for each seed, and print what became of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--depth", type=int, default=2, help="blocks replaced at most")
    options = parser.parse_args()
    torch.set_num_threads(1)
    print("seed  replaced  blocks  rounds ended  admitted  handed in  slashed")
    complete = True
    for seed in range(options.seeds):
        with Devnet() as devnet, tempfile.TemporaryDirectory() as folder:
            chain = MovableChain(devnet.url)
            cast = begin(chain, seed, Path(folder))
            replaced = play(chain, cast, random.Random(seed), options.depth)
            ended, admitted, handed_in, slashed = (
                len(cast.relay.history.named(*names))
                for names in (("HeadChanged", "HeadKept"), ("Admitted",), ("HandedIn",), ("Slashed",))
            )
            height = chain.height()
        print(f"{seed:4}{replaced:10}{height:8}{ended:14}{admitted:10}{handed_in:11}{slashed:9}", flush=True)
        complete &= ended == ROUNDS and handed_in == admitted and not slashed
    return 0 if complete else 1


def begin(chain: MovableChain, seed: int, folder: Path) -> Cast:
    """Create a relay of seven, deep enough to stand."""
    task = load_task("digits")
    shares = split(task.cases()[0], 7, 1.0, torch.Generator().manual_seed(seed))
    cast = assemble(chain, task, shares, ("free-rider",), PARAMETERS, seed, folder, Stopwatch())
    for _ in range(chain.reorg_depth):
        chain.mine()
    return cast


def play(chain: MovableChain, cast: Cast, dice: random.Random, depth: int) -> int:
    """Play the rounds; return how many times blocks were replaced."""
    times, first = 0, chain.height()
    while not over(cast.relay) and chain.height() < MOST_BLOCKS:
        if any([node.step() for node in cast.nodes]):
            chain.mine()
        else:
            pass_time(chain, cast.relay.view())
        if chain.height() > first + depth and dice.random() < CHANCE:
            chain.ask("anvil_reorg", dice.randint(1, depth), [])
            times += 1
    return times


if __name__ == "__main__":
    sys.exit(main())
