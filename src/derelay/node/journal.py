"""What a node must not forget: written through before anything that depends on it leaves."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from derelay.node.journal_outbox import JournalOutbox

_SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (round INTEGER, name TEXT, value BLOB NOT NULL, PRIMARY KEY (round, name));
CREATE TABLE IF NOT EXISTS keys (baton BLOB PRIMARY KEY, key BLOB NOT NULL, content BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS encryption_keys (place INTEGER PRIMARY KEY, key BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS legs (round INTEGER PRIMARY KEY, steps INTEGER NOT NULL);
"""


class JournalError(Exception):
    """A journal that cannot be opened, or written to."""


class Journal:
    """A node's durable memory: secrets, scores, keys, transactions signed.

    An SQLite file that only its owner can read. Every write is on disk when the call returns. It grows by
    what a round leaves for good: the keys of batons made in it, and how many steps were trained.

    Attributes
    ----------
    outbox : Outbox
        The transactions signed.

    Raises
    ------
    JournalError
        If the file cannot be opened or is no journal.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._db = sqlite3.connect(path, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.executescript(_SCHEMA)
            self.outbox = JournalOutbox(self._run)
        except (OSError, sqlite3.DatabaseError) as error:
            raise JournalError(
                f"journal {path}: {error}; name a file that can be written, or the node's own"
            ) from error

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    # ---- rounds

    def fact(self, number: int, name: str) -> bytes | None:
        """Return what was remembered under a name for a round."""
        found = self._run("SELECT value FROM facts WHERE round = ? AND name = ?", number, name)
        return bytes(found[0][0]) if found else None

    def remember(self, number: int, name: str, make: Callable[[], bytes]) -> bytes:
        """Return what was remembered under a name for a round; the first time, make it and write it down."""
        known = self.fact(number, name)
        if known is not None:
            return known
        value = make()
        self._run("INSERT INTO facts VALUES (?, ?, ?)", number, name, value)
        return value

    def forget(self, before: int) -> None:
        """Forget the facts of rounds before a round; those of round 0 are not of a round and stay."""
        self._run("DELETE FROM facts WHERE round > 0 AND round < ?", before)

    def note_leg(self, number: int, steps: int) -> None:
        """Remember how many gradient steps were trained in a round; said twice, it is still one leg."""
        self._run("INSERT OR IGNORE INTO legs VALUES (?, ?)", number, steps)

    def steps(self) -> int:
        """Return how many gradient steps were trained in all rounds."""
        return int(self._run("SELECT coalesce(sum(steps), 0) FROM legs")[0][0])

    # ---- keys

    def keep_key(self, baton: bytes, key: bytes, content: bytes) -> None:
        """Remember the key of a baton, and the sealed blob that it opens."""
        self._run("INSERT OR REPLACE INTO keys VALUES (?, ?, ?)", baton, key, content)

    def key(self, baton: bytes) -> tuple[bytes, bytes] | None:
        """Return key and content id of a baton."""
        found = self._run("SELECT key, content FROM keys WHERE baton = ?", baton)
        return (bytes(found[0][0]), bytes(found[0][1])) if found else None

    def add_encryption_key(self, key: bytes) -> None:
        """Remember an X25519 private key that keys of batons are sealed to from now on."""
        self._run("INSERT INTO encryption_keys (key) VALUES (?)", key)

    def encryption_keys(self) -> list[bytes]:
        """Return the private keys that keys of batons were sealed to, the newest first."""
        return [bytes(key) for (key,) in self._run("SELECT key FROM encryption_keys ORDER BY place DESC")]

    # ---- inside

    def _run(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        try:
            return self._db.execute(statement, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise JournalError(
                f"journal {self._path}: {error}; make room on its disk, or close what else uses it"
            ) from error
