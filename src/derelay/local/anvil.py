"""Where the program anvil is, and what running it may say."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

_INSIDE = "node_modules/@foundry-rs/anvil-*/bin/anvil*"
"""Where npm puts the program itself; what it puts on the PATH starts this one."""


class DevnetError(Exception):
    """No local chain can be run like this."""


def find_anvil() -> str:
    """Return the path of anvil.

    Looked for in ``$DERELAY_ANVIL``, on the ``PATH``, and where npm puts it: ``node_modules`` here or in the
    Python environment.

    Raises
    ------
    DevnetError
        If it is nowhere; says how to get it.
    """
    named = os.environ.get("DERELAY_ANVIL")
    if named:
        found = shutil.which(named)
        if found is None:
            raise DevnetError(f"$DERELAY_ANVIL is {named}, which is no program: name anvil, or unset it")
        return found
    installed = [path for place in (Path.cwd(), Path(sys.prefix)) for path in sorted(place.glob(_INSIDE))]
    found = shutil.which("anvil") or next((str(path) for path in installed), None)
    if found is None:
        raise DevnetError("anvil is not installed: get it with `npm install @foundry-rs/anvil`, and repeat")
    return found


def plain(lines: list[str], port: int, state: Path | None) -> str:
    """Say for people why anvil ended, from its last lines."""
    said = " ".join(line for line in lines if line)
    if "Address already in use" in said:
        return f"port {port} is in use, perhaps by another devnet: stop that one, or name another port"
    if state is not None and "--state" in said:
        return f"{state} is no state of a devnet, or damaged: name another file, or delete it to begin anew"
    return f"anvil ended at once: {said or 'without a word'}"
