"""Helia, IPFS in JavaScript, fetches, verifies and pins a baton of a running node (`make helia`)."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from served import Served, judge, served

HERE = Path(__file__).parent
HOME = HERE.parents[1] / "build/helia"
READ_SECONDS = 300


def main() -> int:
    """Install Helia into build/, let it read from a node; say what it saw."""
    if not shutil.which("npm"):
        sys.exit("helia: npm is not installed: get Node.js 20 or newer with it")
    HOME.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "read.mjs", "node20.cjs"):
        shutil.copy(HERE / name, HOME)
    # Scripts would fetch browsers' transports, which nothing here uses.
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--silent")
    subprocess.run(["npm", "install", "--prefix", str(HOME), *quiet], check=True)
    with served() as baton:
        seen = _read(baton)
    blocks = 1 + seen["links"]
    return judge(
        {
            f"{blocks} blocks fetched and verified one by one, {seen['bytes']} bytes": seen["bytes"]
            > seen["size"],
            "the baton pinned, root and leaves": seen["pinned"],
            f"Helia's own archive of it: {seen['heliasArchive']} blocks": seen["heliasArchive"] == blocks,
            f"the node's archive: {seen['archive']} blocks, {seen['archiveType']}": seen["archive"] == blocks,
            f"{seen['imported']} of its blocks imported, each verified": seen["imported"] == blocks,
            f"a changed block refused ({'; '.join(seen['refused'])})": bool(seen["refused"]),
        }
    )


def _read(baton: Served) -> dict[str, Any]:
    read = ["node", "--require", "./node20.cjs", "read.mjs", baton.url, baton.root, baton.lying]
    done = subprocess.run(read, cwd=HOME, stdout=subprocess.PIPE, timeout=READ_SECONDS, check=True)
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


if __name__ == "__main__":
    sys.exit(main())
