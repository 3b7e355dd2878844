"""A baton that a running node serves, for IPFS tools to read; and a gateway beside it that lies."""

from __future__ import annotations

import json
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from derelay.baton.blocks import cid_text
from derelay.baton.root import root_cid
from derelay.local.network import Network
from derelay.local.network_setting import Setting
from derelay.node.journal import Journal

START_SECONDS = 120


@dataclass(frozen=True)
class Served:
    """The content id of a relay's first head, a node that serves it, and who changes a bit of its blocks."""

    root: str
    url: str
    lying: str


@contextmanager
def served() -> Iterator[Served]:
    """Start a devnet and a node with a relay."""
    with tempfile.TemporaryDirectory() as name:
        setting = Setting(task=str(Path(__file__).with_name("wide_task.py")), nodes=1)
        with Network(setting, Path(name)) as network:
            [node] = network.nodes
            [path] = (node.folder / "node").glob("*/*/journal.sqlite")
            root, url = _first_head(path, network.relay.genesis), _url(node.folder)
            _wait(f"{url}/ipfs/{root}?format=raw")
            with serving(_liar(url, root)) as lying:
                yield Served(root, url, lying)


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Serve on this machine; yield the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def judge(judged: dict[str, bool]) -> int:
    """Print what holds and what does not; return the exit code."""
    for what, holds in judged.items():
        print(f"{'ok' if holds else 'FAILED'}: {what}")
    return 0 if all(judged.values()) else 1


def _first_head(path: Path, genesis: bytes) -> str:
    """Return the content id of the relay's first head, which the journal of its creator knows."""
    journal = Journal(path)
    known = journal.key(genesis)
    journal.close()
    assert known is not None
    return cid_text(root_cid(known[1]))


def _url(folder: Path) -> str:
    settings = (folder / "derelay.toml").read_text()
    listen = next(line for line in settings.splitlines() if line.startswith("listen"))
    return f"http://{json.loads(listen.partition(' = ')[2])}"


def _wait(url: str) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            urlopen(url).close()
        except URLError:
            time.sleep(0.5)
        else:
            return
    sys.exit(f"nobody serves {url}")


def _liar(url: str, root: str) -> type[BaseHTTPRequestHandler]:
    """Return what serves what a node serves, one bit changed in all but the root."""

    class Liar(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with urlopen(url + self.path) as answer:
                block = bytearray(answer.read())
            if block and root not in self.path:
                block[len(block) // 2] ^= 1
            self.send_response(200)
            self.send_header("Content-Type", "application/vnd.ipld.raw")
            self.send_header("Content-Length", str(len(block)))
            self.end_headers()
            self.wfile.write(block)

        def log_message(self, *_: object) -> None:
            pass

    return Liar
