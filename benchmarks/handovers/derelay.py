"""derelay itself: blocks fetched over HTTP, hashed, opened and checked as they come.

Modes: `sealed` and `public`, both on disk; `memory`, public and kept in memory only.
"""

import os
import sys
import tempfile
from pathlib import Path

sys.path.pop(0)  # this folder, in which `derelay` is this file
import torch

from derelay.baton.baton import Baton
from derelay.baton.opening import Opening
from derelay.baton.publishing import PublishedOpening, publish
from derelay.baton.root import root_cid
from derelay.baton.sealing import seal
from derelay.store.directory import DirectoryStore
from derelay.store.fetch import fetch
from derelay.store.gateway import Gateway
from derelay.store.http_source import HttpSource
from derelay.store.passing import Passing

sys.path.insert(0, __file__.rpartition("/")[0])
from sides import EXTRA, State, give, layout, model, resident, take

KEY = bytes(range(32))

PUBLIC = ("public", "memory")


def serve(mode: str, mb: int, folder: Path) -> list[str]:
    """Seal or publish a model and serve its blocks."""
    store = DirectoryStore(folder / f"{mode}{mb}")
    baton = Baton.build(model(mb), task="benchmark", task_hash=bytes(32), parents=[], version=0)
    content = publish(baton, store) if mode in PUBLIC else seal(baton, KEY, store)
    gateway = Gateway(store).start()
    return [gateway.url, content.hex(), baton.id.hex()]


def receive(mode: str, mb: int, folder: Path, url: str, content: str, id: str) -> State:
    """Fetch and open it."""
    template = {name: ("F32", shape) for name, shape in layout(mb).items()}
    store = Passing() if mode == "memory" else DirectoryStore(folder, durable=True)
    source = HttpSource(url, allow_private=True)
    expected = bytes.fromhex(id)
    opening = (
        PublishedOpening(expect_id=expected, template=template)
        if mode in PUBLIC
        else Opening(KEY, expect_id=expected, template=template)
    )
    fetched = fetch(root_cid(bytes.fromhex(content)), store, {url: source}, opening.begin, opening.take)
    baton = opening.baton()
    EXTRA["wire"] = fetched.total_bytes
    return baton.tensors


if __name__ == "__main__":
    side, mode, mb, folder, *where = sys.argv[1:]
    torch.set_num_threads(1)
    if side == "give":
        idle = resident("VmRSS")
        give(lambda: serve(mode, int(mb), Path(folder)), idle)
        os._exit(0)
    else:
        own = Path(tempfile.mkdtemp(dir=folder))  # stays: deleting makes the next ones' files dearer
        take(lambda: receive(mode, int(mb), own, *where))
