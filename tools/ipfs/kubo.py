"""Kubo, IPFS in Go, fetches, verifies and pins a baton of a running node (`make kubo IPFS=ipfs`)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from hashlib import sha256
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from multiformats import CID, multibase
from served import judge, served, serving

from derelay.store.http_source import HttpSource

PATIENCE = "20s"
READY = "Daemon is ready"


class Repository:
    """A repository of Kubo's on this machine, which asks one address for blocks and nobody else."""

    def __init__(self, ipfs: str, folder: Path, router: str) -> None:
        self._ipfs = ipfs
        at = {"IPFS_PATH": str(folder), "IPFS_HTTP_ROUTERS": router, "IPFS_TELEMETRY": "off"}
        self._environment = {**os.environ, **at}
        self.run("init", "--profile", "test")  # no bootstrap nodes, loopback only
        self._set("Routing", {"Type": "delegated"})
        self._set("HTTPRetrieval", {"Allowlist": ["127.0.0.1"]})
        self._set("Provide", {"Enabled": False})

    def run(self, *arguments: str, given: bytes | None = None) -> bytes:
        """Return what a command prints; what it says of an error goes to this program's own."""
        command = [self._ipfs, *arguments]
        return subprocess.run(command, env=self._environment, input=given, stdout=subprocess.PIPE).stdout

    def size(self, root: str) -> tuple[int, int]:
        """Return how many blocks a baton has of those that are here, and their bytes."""
        told = self.run("dag", "stat", "--offline", "--progress=false", "--enc=json", root)
        stat = json.loads(told) if told else {}
        return stat.get("UniqueBlocks", 0), stat.get("TotalSize", 0)

    @property
    def gateway(self) -> str:
        """The address of its own gateway, while it is up."""
        return (Path(self._environment["IPFS_PATH"]) / "gateway").read_text().strip()

    @contextmanager
    def up(self) -> Iterator[None]:
        """Keep its daemon running."""
        daemon = subprocess.Popen(
            [self._ipfs, "daemon"], env=self._environment, stdout=subprocess.PIPE, text=True
        )
        assert daemon.stdout is not None
        try:
            if not any(READY in line for line in daemon.stdout):
                sys.exit(f"kubo: {self._ipfs} daemon has ended before it was ready")
            yield
        finally:
            daemon.terminate()
            daemon.wait()

    def _set(self, name: str, value: object) -> None:
        self.run("config", "--json", name, json.dumps(value))


def main() -> int:
    """Let the program that is named read from a node; say what it saw."""
    ipfs = shutil.which(sys.argv[1])
    if ipfs is None:
        sys.exit(f"kubo: there is no program {sys.argv[1]}: install Kubo 0.36 or newer, make kubo IPFS=ipfs")
    with served() as baton, tempfile.TemporaryDirectory() as name:
        root, folder = baton.root, Path(name)
        with serving(_router(baton.url)) as router:
            first = Repository(ipfs, folder / "first", router)
            with first.up():
                block = first.run("block", "get", f"--timeout={PATIENCE}", root)
                pinned = first.run("pin", "add", f"--timeout={PATIENCE}", root)
                links = first.run("refs", "--unique", root).decode().split()
                with closing(HttpSource(first.gateway, allow_private=True)) as back:
                    returned = sum(len(back.get(CID.decode(each))) for each in (root, *links))
            blocks, size = first.size(root)
        second = Repository(ipfs, folder / "second", baton.url)
        second.run("dag", "import", given=_archive(baton.url, root))
        imported = second.size(root)
        with serving(_router(baton.lying)) as router:
            third = Repository(ipfs, folder / "third", router)
            with third.up():
                honest = third.run("block", "get", f"--timeout={PATIENCE}", root)
                changed = third.run("block", "get", f"--timeout={PATIENCE}", links[0])
        version = first.run("version", "--number").decode().strip()
    return judge(
        {
            f"Kubo {version}: the root fetched and verified, {len(block)} bytes": bool(block),
            f"the baton pinned, root and leaves: {blocks} blocks, {size} bytes": bool(pinned)
            and blocks == 1 + len(links) > 1,
            f"derelay fetches the same from Kubo's gateway: {returned} bytes": returned == size,
            f"the node's archive imported: {imported[0]} blocks": imported == (blocks, size),
            "a changed block refused": honest == block and not changed,
        }
    )


def _archive(url: str, root: str) -> bytes:
    with urlopen(Request(f"{url}/ipfs/{root}", headers={"Accept": "application/vnd.ipld.car"})) as answer:
        archive: bytes = answer.read()
        return archive


def _router(url: str) -> type[BaseHTTPRequestHandler]:
    """Return a delegated router (/routing/v1) that says of every block that one gateway has it."""
    at = urlsplit(url)
    # A peer's id is a hash of its public key, which a gateway has not: any will do to tell them apart.
    identity = multibase.encode(b"\x00\x24\x08\x01\x12\x20" + sha256(url.encode()).digest(), "base58btc")[1:]
    provider = {
        "Schema": "peer",
        "ID": identity,
        "Addrs": [f"/ip4/{at.hostname}/tcp/{at.port}/http"],
        "Protocols": ["transport-ipfs-gateway-http"],
    }

    class Router(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told = json.dumps({"Providers": [provider]}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(told)))
            with suppress(ConnectionError):  # who has its block already does not wait for more providers
                self.end_headers()
                self.wfile.write(told)

        def log_message(self, *_: object) -> None:
            pass

    return Router


if __name__ == "__main__":
    sys.exit(main())
