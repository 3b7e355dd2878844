"""The outbox in a node's journal."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from derelay.chain.outbox import Errand, Outbox, Signed

_SCHEMA = """
CREATE TABLE IF NOT EXISTS signed (
    place INTEGER PRIMARY KEY, nonce INTEGER NOT NULL, raw BLOB NOT NULL, round INTEGER, action TEXT,
    height INTEGER NOT NULL, time INTEGER NOT NULL, is_void INTEGER NOT NULL)
"""
_COLUMNS = "nonce, raw, round, action, height, time, is_void"


class JournalOutbox(Outbox):
    """Transactions on disk, signed bytes and all.

    Parameters
    ----------
    run
        Runs a statement with its values on the journal, written through when it returns.
    """

    def __init__(self, run: Callable[..., list[tuple[Any, ...]]]) -> None:
        self._run = run
        run(_SCHEMA)

    def signed(self) -> list[Signed]:
        """See `Outbox.signed`."""
        return [
            Signed(
                nonce,
                bytes(raw),
                None if action is None else Errand(round, action),
                height,
                time,
                bool(is_void),
            )
            for nonce, raw, round, action, height, time, is_void in self._run(
                f"SELECT {_COLUMNS} FROM signed ORDER BY place"
            )
        ]

    def add(self, signed: Signed) -> None:
        """See `Outbox.add`."""
        round, action = signed.errand or (None, None)
        self._run(
            f"INSERT INTO signed ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",
            signed.nonce,
            signed.raw,
            round,
            action,
            signed.height,
            signed.time,
            signed.is_void,
        )

    def void(self, nonce: int) -> None:
        """See `Outbox.void`."""
        self._run("UPDATE signed SET is_void = 1 WHERE nonce = ?", nonce)

    def forget_void(self, errand: Errand) -> None:
        """See `Outbox.forget_void`."""
        self._run("DELETE FROM signed WHERE is_void AND round = ? AND action = ?", *errand)

    def forget(self, nonces: Collection[int]) -> None:
        """See `Outbox.forget`."""
        if nonces:
            places = ", ".join("?" * len(nonces))
            self._run(f"DELETE FROM signed WHERE nonce IN ({places})", *nonces)
