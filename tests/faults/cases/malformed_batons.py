"""Malformed batons, served over HTTP to somebody who was granted their keys."""

from __future__ import annotations

import resource
import time
from pathlib import Path

import torch

from derelay.baton.baton import Baton
from derelay.baton.blocks import BlockError
from derelay.baton.errors import BatonError
from derelay.baton.root import root_cid
from derelay.baton.sealing import open_sealed, seal, sealed_links
from derelay.baton.tensors import layout_of
from derelay.store.directory import DirectoryStore
from derelay.store.fetch import fetch
from derelay.store.gateway import Gateway
from derelay.store.http_source import HttpSource
from faults.case import Case, Outcome, Tell
from faults.malformed import kinds

KEY = bytes(range(32))
MOST_SECONDS = 5.0
MOST_MIB = 64


def malformed(folder: Path, tell: Tell) -> Outcome:
    """Fetch and open each kind of baton, and after each an honest one."""
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(6)
    state = {"0.weight": torch.randn(10, 64, generator=generator), "0.bias": torch.zeros(10)}
    honest = Baton.build(state, task="tiny", task_hash=bytes(32), parents=[bytes(32)], version=1)
    theirs, template = DirectoryStore(folder / "theirs"), layout_of(state)
    refused, broken, longest = 0, [], 0.0
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with Gateway(theirs) as gateway:
        source = HttpSource(gateway.url, allow_private=True)

        def read(mine: DirectoryStore, id: bytes, content: bytes) -> Baton:
            fetch(root_cid(content), mine, {gateway.url: source}, lambda root: sealed_links(root, template))
            return open_sealed(mine, content, KEY, expect_id=id, template=template)

        for number, (name, kind) in enumerate(kinds()):
            mine = DirectoryStore(folder / f"mine {number}")
            began = time.process_time()
            try:
                read(mine, *kind(honest, KEY, theirs))
                broken.append(f"{name}: was taken")
            except (BatonError, BlockError) as error:
                refused += 1
                tell(f"{name}: {str(error)[-120:]}")
            longest = max(longest, time.process_time() - began)
            if read(mine, honest.id, seal(honest, KEY, theirs)).id != honest.id:
                broken.append(f"after {name} an honest baton is not had")
        source.close()
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    broken += [f"it took {longest:.1f} s"] * (longest > MOST_SECONDS) + [f"{grown:.0f} MiB"] * (
        grown > MOST_MIB
    )
    figures = {"refused": refused, "CPU s at most": round(longest, 2), "MiB more": round(grown)}
    return Outcome(refused + len(broken), tuple(broken), figures=figures)


CASES = (
    Case(
        "malformed-batons",
        6,
        "batons with path tricks, absurd sizes, wrong hashes, nesting, blobs of wrong lengths, over HTTP",
        "each is refused by name; an honest one is had after each; 5 s and 64 MiB at most",
        malformed,
    ),
)
