"""What a node must not forget: written through before anything that depends on it leaves."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (round INTEGER, name TEXT, value BLOB NOT NULL, PRIMARY KEY (round, name));
CREATE TABLE IF NOT EXISTS keys (baton BLOB PRIMARY KEY, key BLOB NOT NULL, content BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS sent (round INTEGER, action TEXT, hash BLOB NOT NULL, tries INTEGER NOT NULL,
    PRIMARY KEY (round, action));
"""


class JournalError(Exception):
    """A journal that cannot be opened."""


class Journal:
    """A node's durable memory: secrets, scores, keys of batons, transactions sent.

    An SQLite file that only its owner can read. Every write is on disk when the call returns.

    Raises
    ------
    JournalError
        If the file cannot be opened or is no journal.
    """

    def __init__(self, path: Path) -> None:
        try:
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._db = sqlite3.connect(path, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.executescript(_SCHEMA)
        except (OSError, sqlite3.DatabaseError) as error:
            raise JournalError(
                f"journal {path}: {error}; name a file that can be written, or the node's own"
            ) from error

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def fact(self, number: int, name: str) -> bytes | None:
        """Return what was remembered under a name for a round."""
        row = self._db.execute(
            "SELECT value FROM facts WHERE round = ? AND name = ?", (number, name)
        ).fetchone()
        return None if row is None else bytes(row[0])

    def remember(self, number: int, name: str, make: Callable[[], bytes]) -> bytes:
        """Return what was remembered under a name for a round; the first time, make it and write it down."""
        known = self.fact(number, name)
        if known is not None:
            return known
        value = make()
        self._db.execute("INSERT INTO facts VALUES (?, ?, ?)", (number, name, value))
        return value

    def keep_key(self, baton: bytes, key: bytes, content: bytes) -> None:
        """Remember the key of a baton, and the sealed blob that it opens."""
        self._db.execute("INSERT OR REPLACE INTO keys VALUES (?, ?, ?)", (baton, key, content))

    def key(self, baton: bytes) -> tuple[bytes, bytes] | None:
        """Return key and content id of a baton."""
        row = self._db.execute("SELECT key, content FROM keys WHERE baton = ?", (baton,)).fetchone()
        return None if row is None else (bytes(row[0]), bytes(row[1]))

    def sent(self, number: int, action: str) -> tuple[bytes, int] | None:
        """Return the latest transaction sent for an action of a round, and how many there were."""
        row = self._db.execute(
            "SELECT hash, tries FROM sent WHERE round = ? AND action = ?", (number, action)
        ).fetchone()
        return None if row is None else (bytes(row[0]), int(row[1]))

    def note_sent(self, number: int, action: str, transaction: bytes) -> None:
        """Remember a transaction sent for an action."""
        self._db.execute(
            "INSERT INTO sent VALUES (?, ?, ?, 1) "
            "ON CONFLICT DO UPDATE SET hash = excluded.hash, tries = tries + 1",
            (number, action, transaction),
        )
