"""Everything that needs a chain, on an unrelated node: Hardhat's, from npm (`make portability`)."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

HARDHAT = "hardhat@2.26.3"
"""The last that runs on Node.js 20."""
TESTS = ("tests/chain/test_rpc_same.py", "tests/chain/test_rpc_relay.py")
ROOT = Path(__file__).parents[2]
HOME = ROOT / "build/hardhat"
START_SECONDS = 60


def main() -> int:
    """Install Hardhat into build/, start its node, run the tests on it over HTTP and over a websocket."""
    if not shutil.which("npm"):
        sys.exit("portability: npm is not installed: get Node.js 20 or newer with it")
    HOME.mkdir(parents=True, exist_ok=True)
    shutil.copy(Path(__file__).with_name("hardhat.config.js"), HOME)
    quiet = ("--no-audit", "--no-fund", "--silent")
    subprocess.run(["npm", "install", "--prefix", str(HOME), *quiet, HARDHAT], check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    start = [str(HOME / "node_modules/.bin/hardhat"), "node", "--hostname", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(start, cwd=HOME, stdout=subprocess.DEVNULL) as node:
        try:
            _wait(port, node)
            return max(_test(f"{scheme}://127.0.0.1:{port}") for scheme in ("http", "ws"))
        finally:
            node.terminate()


def _wait(port: int, node: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and node.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    sys.exit("portability: Hardhat's node did not start")


def _test(url: str) -> int:
    print(f"On {HARDHAT} at {url}:", flush=True)
    return subprocess.run(
        [sys.executable, "-m", "pytest", *TESTS],
        cwd=ROOT,
        env=os.environ | {"DERELAY_TEST_NODE": url},
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
