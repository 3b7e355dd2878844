"""What faults cost: blocks that are corrupted, a receiver that is killed, holders that are slow.

    python benchmarks/handovers/faults.py [MB]

One JSON line each: `fault`, `mb`, and `sent_over_needed_blocks`, the blocks that were sent in vain; for slow
holders the speed of three at a time over that of one.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

sys.path.pop(0)
import torch

from derelay.baton.baton import Baton
from derelay.baton.blocks import Source, cid_text
from derelay.baton.opening import Opening
from derelay.baton.root import Root, root_cid
from derelay.baton.sealing import seal
from derelay.store.directory import DirectoryStore
from derelay.store.fetch import fetch
from derelay.store.http_source import HttpSource
from derelay.store.passing import Passing

sys.path.insert(0, str(Path(__file__).parent))
from sides import layout, model

KEY = bytes(range(32))


class Holder:
    """Serves blocks at most so fast, some of them corrupted, and counts what it sends."""

    def __init__(
        self, store: DirectoryStore, rate: float = 1e12, corrupted: frozenset[str] = frozenset()
    ) -> None:
        self._store, self._rate, self._corrupted = store, rate, corrupted
        self._lock = threading.Lock()
        self.sent: list[str] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self.blocks = {cid_text(cid): cid for cid, _, _ in store.listing()}
        threading.Thread(target=self._accept, daemon=True).start()

    def source(self) -> Source:
        """Return it as a source, with connections of its own."""
        return HttpSource(self.url, allow_private=True)

    def _accept(self) -> None:
        while True:
            connection, _ = self._listening.accept()
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as lines, suppress(ConnectionError):
            while request := lines.readline():
                while lines.readline().strip():
                    pass
                name = request.split(b"?")[0].rpartition(b"/")[2].decode()
                block = bytearray(self._store.get(self.blocks[name]))
                block[0] ^= name in self._corrupted
                with self._lock:
                    time.sleep(len(block) / self._rate)
                self.sent.append(name)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(block) + block)


def receive(
    store: DirectoryStore | Passing, content: bytes, id: bytes, mb: int, holders: list[Holder]
) -> None:
    """Fetch and open a model."""
    opening = Opening(
        KEY, expect_id=id, template={name: ("F32", shape) for name, shape in layout(mb).items()}
    )
    sources = {holder.url: holder.source() for holder in holders}
    fetch(root_cid(content), store, sources, opening.begin, opening.take)
    opening.baton()


def say(fault: str, mb: int, **found: float) -> None:
    """Print a line."""
    print(json.dumps({"fault": fault, "mb": mb, **found}), flush=True)


def killed(folder: Path, content: bytes, id: bytes, mb: int, holder: Holder, needed: int) -> int:
    """Kill a receiver at half, let another one go on; return how many blocks were sent too much."""
    command = [sys.executable, __file__, "receive", str(folder), content.hex(), id.hex(), str(mb), holder.url]
    with subprocess.Popen(command) as process:
        while len(holder.sent) < needed // 2:
            time.sleep(0.001)
        os.kill(process.pid, signal.SIGKILL)
    subprocess.run(command, check=True)
    return len(holder.sent) - needed


def main(mb: int) -> None:
    """Measure all."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        store = DirectoryStore(folder / "theirs")
        baton = Baton.build(model(mb), task="benchmark", task_hash=bytes(32), parents=[], version=0)
        content = seal(baton, KEY, store)
        links = [cid_text(cid) for cid in Root.decode(store.get(root_cid(content)), 1 << 40).links]
        needed = len(links) + 1
        bad, good = Holder(store, corrupted=frozenset(links[50::100])), Holder(store)
        receive(Passing(), content, baton.id, mb, [bad, good])
        say("1 % of a holder's blocks corrupted", mb, in_vain=len(bad.sent) + len(good.sent) - needed)
        for attempt in range(5):
            holder = Holder(store)
            extra = killed(folder / f"mine{attempt}", content, baton.id, mb, holder, needed)
            say("receiver killed at half", mb, in_vain=extra)
        seconds = []
        for count in (1, 3):
            began = time.perf_counter()
            receive(Passing(), content, baton.id, mb, [Holder(store, rate=10e6) for _ in range(count)])
            seconds.append(time.perf_counter() - began)
        say("3 holders of 10 MB/s instead of 1", mb, times_as_fast=round(seconds[0] / seconds[1], 2))


if __name__ == "__main__":
    torch.set_num_threads(1)
    if sys.argv[1:2] == ["receive"]:
        _, _, own, content, id, mb, url = sys.argv
        source = HttpSource(url, allow_private=True)
        template = {name: ("F32", shape) for name, shape in layout(int(mb)).items()}
        opening = Opening(KEY, expect_id=bytes.fromhex(id), template=template)
        cid = root_cid(bytes.fromhex(content))
        fetch(cid, DirectoryStore(Path(own)), {url: source}, opening.begin, opening.take)
        opening.baton()
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 100)
