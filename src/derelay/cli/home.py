"""Where a node lives: a folder for each wallet in each relay."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eth_typing import ChecksumAddress

from derelay.baton.files import whole_file
from derelay.chain.chain import Chain
from derelay.cli.errors import BadInput


class Home:
    """A node's folder, for its owner's eyes only: made when first asked for.

    Parameters
    ----------
    folder
        Where all nodes live.
    rounds, wallet
        Addresses of the relay and of the participant.
    """

    def __init__(self, folder: Path, rounds: ChecksumAddress, wallet: ChecksumAddress) -> None:
        self.path = folder / rounds / wallet
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise BadInput(f"folder {folder} cannot be used ({error.strerror}): name another") from error

    @property
    def journal(self) -> Path:
        """The file of its journal."""
        return self.path / "journal.sqlite"

    @property
    def blocks(self) -> Path:
        """The folder of its sealed blobs."""
        return self.path / "blocks"

    @property
    def is_taken(self) -> bool:
        """Whether a node has lived here."""
        return self._mark.exists()

    def belong_to(self, chain: Chain, created: int) -> None:
        """Tie the home to the one relay that was created in a block, by the hash of that block.

        A devnet begun anew has the same number as before, and a relay at the same address; what a journal
        says of the old one would be wrong of the new.

        Raises
        ------
        BadInput
            If the home belongs to another relay.
        """
        block = chain.block_hash(created).hex()
        if not self.is_taken:
            with whole_file(self._mark, durable=True) as file:
                file.write(block.encode())
        if self._mark.read_text() != block:
            raise BadInput(
                f"{self.path} is of another relay with this address, of a devnet that was begun anew since: "
                f"remove it, or give another --folder (if it is the same relay, moved by a reorganization: "
                f"remove {self._mark.name} in it)"
            )

    @property
    def _mark(self) -> Path:
        return self.path / "created-in"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other processes from acting as this node: two would send with the same nonces.

        The operating system lets go when the process dies, however it dies.

        Raises
        ------
        BadInput
            If another process holds it.
        """
        lock = sqlite3.connect(self.path / "lock.sqlite", isolation_level=None, timeout=0)
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            lock.close()
            raise BadInput(
                f"a node is at work in {self.path}: stop it first (Ctrl-C); it goes on where it was"
            ) from error
        try:
            yield
        finally:
            lock.close()
