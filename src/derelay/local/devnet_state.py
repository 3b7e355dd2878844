"""The file in which anvil keeps a chain."""

from __future__ import annotations

import json
from pathlib import Path

from derelay.baton.files import whole_file
from derelay.local.anvil import DevnetError


def check_state(state: Path) -> None:
    """Refuse what anvil would find out only when it is to write; see to it that the chain has one beginning.

    Anvil makes a genesis block each time it starts, keeps all of them, and takes any of these for the first
    when it starts again. But a chain is known by its first block: who was connected would find another one.

    Raises
    ------
    DevnetError
        If no file can be there.
    """
    if state.is_dir() or not state.parent.is_dir():
        raise DevnetError(f"{state}: name a file in a folder that is there")
    try:
        kept = json.loads(state.read_bytes())
        first = [block for block in kept["blocks"] if _number(block) == 0]
        oldest = min(first, key=lambda block: int(block["header"]["timestamp"], 16))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return  # none yet, or none of anvil's, which will say so
    if len(first) > 1:
        later = [block for block in kept["blocks"] if _number(block) > 0]
        with whole_file(state) as file:
            file.write(json.dumps({**kept, "blocks": [oldest, *later]}).encode())


def _number(block: dict[str, dict[str, str]]) -> int:
    return int(block["header"]["number"], 16)
