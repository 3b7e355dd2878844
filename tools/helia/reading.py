"""Helia, IPFS in JavaScript, fetches, verifies and pins a baton of a running node (`make helia`)."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from derelay.baton.blocks import cid_text
from derelay.baton.root import root_cid
from derelay.local.network import Network
from derelay.local.network_setting import Setting
from derelay.node.journal import Journal

HERE = Path(__file__).parent
HOME = HERE.parents[1] / "build/helia"
START_SECONDS = 120
READ_SECONDS = 300


def main() -> int:
    """Install Helia into build/, start a devnet and a node with a relay, let Helia read; say what it saw."""
    if not shutil.which("npm"):
        sys.exit("helia: npm is not installed: get Node.js 20 or newer with it")
    HOME.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "read.mjs", "node20.cjs"):
        shutil.copy(HERE / name, HOME)
    # Scripts would fetch browsers' transports, which nothing here uses.
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--silent")
    subprocess.run(["npm", "install", "--prefix", str(HOME), *quiet], check=True)
    with tempfile.TemporaryDirectory() as name:
        setting = Setting(task=str(HERE / "wide_task.py"), nodes=1)
        with Network(setting, Path(name)) as network:
            [node] = network.nodes
            [path] = (node.folder / "node").glob("*/*/journal.sqlite")
            root, url = _first_head(path, network.relay.genesis), _url(node.folder)
            _wait(f"{url}/ipfs/{root}?format=raw")
            with _liar(url, root) as lying:
                return _judge(_read(url, root, lying))


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
    sys.exit(f"helia: nobody serves {url}")


@contextmanager
def _liar(url: str, root: str) -> Iterator[str]:
    """Serve what a node serves, one bit changed in all but the root."""

    class Liar(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with urlopen(url + self.path) as answer:
                block = bytearray(answer.read())
            if root not in self.path:
                block[len(block) // 2] ^= 1
            self.send_response(200)
            self.send_header("Content-Type", "application/vnd.ipld.raw")
            self.send_header("Content-Length", str(len(block)))
            self.end_headers()
            self.wfile.write(block)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Liar)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def _read(url: str, root: str, lying: str) -> dict[str, Any]:
    read = ["node", "--require", "./node20.cjs", "read.mjs", url, root, lying]
    done = subprocess.run(read, cwd=HOME, stdout=subprocess.PIPE, timeout=READ_SECONDS, check=True)
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


def _judge(seen: dict[str, Any]) -> int:
    blocks = 1 + seen["links"]
    judged = {
        f"{blocks} blocks fetched and verified one by one, {seen['bytes']} bytes": seen["bytes"]
        > seen["size"],
        "the baton pinned, root and leaves": seen["pinned"],
        f"Helia's own archive of it: {seen['heliasArchive']} blocks": seen["heliasArchive"] == blocks,
        f"the node's archive: {seen['archive']} blocks, {seen['archiveType']}": seen["archive"] == blocks,
        f"{seen['imported']} of its blocks imported, each verified": seen["imported"] == blocks,
        f"a changed block refused ({'; '.join(seen['refused'])})": bool(seen["refused"]),
    }
    for what, holds in judged.items():
        print(f"{'ok' if holds else 'FAILED'}: {what}")
    return 0 if all(judged.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
