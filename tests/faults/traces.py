"""What processes use and leave: memory, disk, logs, and the secrets that must not be in these."""

from __future__ import annotations

import sqlite3
import time
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from derelay.local.network_folders import PASSWORD
from derelay.local.network_result import MIB
from faults.process import Node

MOST_MEMORY = 512
"""MiB of a node of a tiny task: PyTorch and the client of the chain alone take most of 400."""
MOST_DISK = 16
"""MiB of its journal and blobs, what SQLite has written ahead included."""
SAMPLE_SECONDS = 1.0
_SECRETS = """
SELECT key FROM encryption_keys UNION SELECT key FROM keys
UNION SELECT value FROM facts WHERE name IN ('secret', 'child''s key', 'child''s salt', 'scores'' salt')
"""


class Traces:
    """Collects while processes live, and tells what does not hold.

    Attributes
    ----------
    memory, disk
        The most that each node had, in MiB, by name.
    most_disk
        What a node may have on disk, in MiB.

    Parameters
    ----------
    secrets
        Of which none may be in any log, besides those of the journals.
    """

    def __init__(self, secrets: Iterable[bytes]) -> None:
        self.memory: dict[str, float] = {}
        self.disk: dict[str, float] = {}
        self.most_disk = MOST_DISK
        self._secrets = set(secrets)
        self._sampled: dict[str, float] = {}

    def sample(self, node: Node) -> None:
        """Look at a process, once in a while."""
        if time.monotonic() - self._sampled.get(node.name, 0.0) > SAMPLE_SECONDS:
            self.note(node)

    def note(self, node: Node) -> None:
        """Look at a process that may be about to end, and at its folder."""
        self._sampled[node.name] = time.monotonic()
        self.memory[node.name] = max(self.memory.get(node.name, 0.0), _peak(node.pid))
        self.look(node)

    def look(self, node: Node) -> None:
        """Look at a node's folder."""
        self.disk[node.name] = max(self.disk.get(node.name, 0.0), _size(node.folder / "node"))
        for journal in (node.folder / "node").rglob("journal.sqlite"):
            self._secrets |= _secrets(journal)

    def broken(self, nodes: Iterable[Node]) -> list[str]:
        """Return what does not hold of what the processes used and wrote."""
        found = [f"{name} used {most:.0f} MiB" for name, most in self.memory.items() if most > MOST_MEMORY]
        found += [f"{name} left {most:.0f} MiB" for name, most in self.disk.items() if most > self.most_disk]
        said = {node.name: node.log.read_text().lower() for node in nodes}
        forms = [form for secret in self._secrets for form in _forms(secret)]
        found += [
            f"the log of {name} has a secret" for name, text in said.items() if any(map(text.count, forms))
        ]
        return found + [
            f"the log of {name} has the password" for name, text in said.items() if PASSWORD in text
        ]


def _peak(pid: int) -> float:
    """Return the most memory that a process has had so far, in MiB; nothing once it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def _size(folder: Path) -> float:
    total = 0
    for file in folder.rglob("*"):
        try:
            total += file.stat().st_size
        except FileNotFoundError:
            continue  # renamed or swept since
    return total / MIB


def _secrets(journal: Path) -> set[bytes]:
    """Return the secrets that a journal has now; its node may be at work."""
    try:
        with closing(sqlite3.connect(f"file:{journal}?mode=ro", uri=True)) as opened:
            return {bytes(secret) for (secret,) in opened.execute(_SECRETS)}
    except sqlite3.OperationalError:
        return set()  # made just now


def _forms(secret: bytes) -> Sequence[str]:
    """Return how a secret might be written, without letters of two sizes."""
    return secret.hex(), b64encode(secret).decode().lower(), urlsafe_b64encode(secret).decode().lower()
